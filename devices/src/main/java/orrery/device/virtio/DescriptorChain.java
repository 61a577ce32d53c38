package orrery.device.virtio;

import static orrery.device.virtio.VirtioRegisters.*;

import orrery.machine.dma.DmaFault;
import orrery.machine.dma.DmaPort;

/**
 * A buffer of a driver: the parts a device reads, then the parts it writes (2.7.4.2). Reading and
 * writing go on where they ended before. One object serves all buffers of a queue in turn.
 */
public final class DescriptorChain {
  /** The most parts; indirect tables may be longer than the queue. */
  static final int MAX_PARTS = 1024;

  private static final long MAX_LENGTH = 1L << 32;

  private final DmaPort dma;
  private final long[] address = new long[MAX_PARTS];
  private final long[] length = new long[MAX_PARTS];
  private int head;
  private int readable;
  private int parts;
  private long readableBytes;
  private long writableBytes;

  // Cursors: a part and how much of it is done.
  private int readPart;
  private long readDone;
  private int writePart;
  private long writeDone;
  private long written;

  DescriptorChain(DmaPort dma) {
    this.dma = dma;
  }

  /** The descriptor it starts with. */
  int head() {
    return head;
  }

  /** Bytes that the driver gave the device to read, whether read or not. */
  public long readableBytes() {
    return readableBytes;
  }

  /** Bytes that the driver gave the device to write. */
  public long writableBytes() {
    return writableBytes;
  }

  /** Bytes written so far. */
  public long written() {
    return written;
  }

  /** Reads up to {@code count} bytes; returns how many there were. */
  public int read(byte[] to, int offset, int count) {
    int done = 0;
    while (done < count && readPart < readable) {
      int now = (int) Math.min(count - done, length[readPart] - readDone);
      dma.read(address[readPart] + readDone, to, offset + done, now);
      done += now;
      readDone += now;
      if (readDone == length[readPart]) {
        readPart++;
        readDone = 0;
      }
    }
    return done;
  }

  /** Passes over up to {@code count} bytes to read. */
  public void skip(long count) {
    long left = count;
    while (left > 0 && readPart < readable) {
      long now = Math.min(left, length[readPart] - readDone);
      left -= now;
      readDone += now;
      if (readDone == length[readPart]) {
        readPart++;
        readDone = 0;
      }
    }
  }

  /** Writes up to {@code count} bytes; returns for how many there was room. */
  public int write(byte[] from, int offset, int count) {
    int done = 0;
    while (done < count && writePart < parts) {
      int now = (int) Math.min(count - done, length[writePart] - writeDone);
      dma.write(address[writePart] + writeDone, from, offset + done, now);
      done += now;
      writeDone += now;
      if (writeDone == length[writePart]) {
        writePart++;
        writeDone = 0;
      }
    }
    written += done;
    return done;
  }

  /**
   * Walks the descriptors from {@code first} on. Every step is counted, so a loop ends.
   *
   * @throws DmaFault if they are not as the specification has them, or lie outside memory
   */
  void walk(VirtQueueState queue, int first, boolean indirectAllowed) {
    head = first;
    readable = 0;
    parts = 0;
    readableBytes = 0;
    writableBytes = 0;
    readPart = 0;
    readDone = 0;
    written = 0;
    writeDone = 0;
    long table = queue.descriptors;
    long entries = queue.size;
    boolean indirect = false;
    int index = first;
    int steps = 0;
    while (true) {
      if (index >= entries || steps >= Math.min(entries, MAX_PARTS)) {
        throw DmaFault.INSTANCE;
      }
      steps++;
      long at = table + (long) index * DESCRIPTOR_SIZE;
      int flags = dma.readShort(at + DESCRIPTOR_FLAGS);
      if ((flags & DESC_F_INDIRECT) != 0) {
        long bytes = Integer.toUnsignedLong(dma.readInt(at + DESCRIPTOR_LENGTH));
        if (indirect
            || !indirectAllowed
            || (flags & DESC_F_NEXT) != 0
            || bytes == 0
            || bytes % DESCRIPTOR_SIZE != 0) {
          throw DmaFault.INSTANCE;
        }
        table = dma.readLong(at);
        entries = bytes / DESCRIPTOR_SIZE;
        indirect = true;
        index = 0;
        steps = 0;
        continue;
      }
      add(dma.readLong(at), dma.readInt(at + DESCRIPTOR_LENGTH), (flags & DESC_F_WRITE) != 0);
      if ((flags & DESC_F_NEXT) == 0) {
        break;
      }
      index = Short.toUnsignedInt(dma.readShort(at + DESCRIPTOR_NEXT));
    }
    writePart = readable;
  }

  private void add(long start, int unsignedBytes, boolean writable) {
    long bytes = Integer.toUnsignedLong(unsignedBytes);
    boolean outOfOrder = !writable && parts > readable;
    if (outOfOrder
        || parts == MAX_PARTS
        || readableBytes + writableBytes + bytes > MAX_LENGTH
        || !dma.reaches(start, bytes)) {
      throw DmaFault.INSTANCE;
    }
    if (writable) {
      writableBytes += bytes;
    } else {
      readableBytes += bytes;
    }
    if (bytes == 0) {
      return; // a part of no bytes changes nothing
    }
    address[parts] = start;
    length[parts] = bytes;
    parts++;
    if (!writable) {
      readable = parts;
    }
  }
}
