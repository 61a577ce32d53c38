package orrery.device.virtio;

import java.util.random.RandomGenerator;

/** An entropy source (5.4): every buffer comes back with random bytes in it. */
final class VirtioRng implements VirtioDevice {
  private static final int DEVICE_ID = 4;

  /** Base class FFh, device that fits no other class. */
  private static final int CLASS_CODE = 0xff0000;

  private static final int QUEUE_SIZE = 64;

  /** The most bytes a buffer gets; drivers take what there is (5.4.6.2). */
  private static final int MOST_BYTES = 4096;

  private final RandomGenerator random;
  private final byte[] bytes = new byte[MOST_BYTES];
  private final byte[] few = new byte[Long.BYTES];
  private VirtioFunction transport;

  VirtioRng(RandomGenerator random) {
    this.random = random;
  }

  @Override
  public int id() {
    return DEVICE_ID;
  }

  @Override
  public int classCode() {
    return CLASS_CODE;
  }

  @Override
  public long features() {
    return 0;
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
  public void attend(int index) {
    VirtQueue queue = transport.queue(index);
    DescriptorChain buffer = queue.next();
    while (buffer != null) {
      int count = (int) Math.min(buffer.writableBytes(), MOST_BYTES);
      byte[] source = count <= few.length ? few : bytes;
      random.nextBytes(source);
      buffer.write(source, 0, count);
      queue.complete(buffer);
      buffer = queue.next();
    }
  }

  @Override
  public void reset() {}
}
