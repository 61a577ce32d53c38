package orrery.device.virtio;

/** A device that copies what it reads of a buffer to what it writes of it. */
final class CopyDevice implements VirtioDevice {
  static final int ID = 42;
  static final long FEATURE = 1 << 3;
  static final int QUEUE_SIZE = 64;

  VirtioFunction transport;
  int value = 5;
  int resets;
  private final byte[] chunk = new byte[1000];

  @Override
  public int id() {
    return ID;
  }

  @Override
  public int classCode() {
    return 0xff0000;
  }

  @Override
  public long features() {
    return FEATURE;
  }

  @Override
  public int[] queueSizes() {
    return new int[] {QUEUE_SIZE};
  }

  @Override
  public void connected(VirtioFunction itsTransport) {
    transport = itsTransport;
  }

  @Override
  public int configSize() {
    return 4;
  }

  @Override
  public long readConfig(int offset, int width) {
    return value >>> offset * Byte.SIZE & -1L >>> Long.SIZE - width * Byte.SIZE;
  }

  @Override
  public void attend(int index) {
    VirtQueue queue = transport.queue(index);
    DescriptorChain buffer = queue.next();
    while (buffer != null) {
      int count;
      do {
        count = buffer.read(chunk, 0, chunk.length);
      } while (count > 0 && buffer.write(chunk, 0, count) == count);
      queue.complete(buffer);
      buffer = queue.next();
    }
  }

  @Override
  public void reset() {
    resets++;
  }
}
