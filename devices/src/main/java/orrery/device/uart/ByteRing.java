package orrery.device.uart;

import java.io.IOException;
import java.io.OutputStream;

/**
 * A bounded queue of bytes between one thread that adds and one that removes.
 *
 * <p>Positions count bytes since the start and are volatile: a side that publishes its position and
 * then looks at the other's cannot miss what the other published before it looked.
 */
final class ByteRing {
  private final byte[] bytes;
  private final int mask;
  private volatile long added;
  private volatile long removed;

  /** {@code capacity} is a power of two. */
  ByteRing(int capacity) {
    if (Integer.bitCount(capacity) != 1) {
      throw new IllegalArgumentException("no power of two: " + capacity);
    }
    bytes = new byte[capacity];
    mask = capacity - 1;
  }

  /** Bytes in the queue; any thread. */
  int size() {
    long start = removed;
    return (int) Math.max(added - start, 0);
  }

  /** Bytes that could be added; any thread. */
  int room() {
    return bytes.length - size();
  }

  /** Bytes added since the start; any thread. */
  long added() {
    return added;
  }

  /** Bytes removed since the start; any thread. */
  long removed() {
    return removed;
  }

  /** The adder's: false if the queue is full. */
  boolean add(int octet) {
    long position = added;
    if (position - removed == bytes.length) {
      return false;
    }
    bytes[(int) position & mask] = (byte) octet;
    added = position + 1;
    return true;
  }

  /** The adder's: adds as many bytes as fit; their number. */
  int add(byte[] source, int offset, int length) {
    long position = added;
    int count = (int) Math.min(length, bytes.length - (position - removed));
    int start = (int) position & mask;
    int straight = Math.min(count, bytes.length - start);
    System.arraycopy(source, offset, bytes, start, straight);
    System.arraycopy(source, offset + straight, bytes, 0, count - straight);
    added = position + count;
    return count;
  }

  /** The remover's: the next byte, or -1. */
  int remove() {
    long position = removed;
    if (position == added) {
      return -1;
    }
    int octet = bytes[(int) position & mask] & 0xff;
    removed = position + 1;
    return octet;
  }

  /** The remover's: writes the longest straight run to {@code out}, then removes it; its length. */
  int writeTo(OutputStream out) throws IOException {
    long position = removed;
    int start = (int) position & mask;
    int count = (int) Math.min(added - position, bytes.length - start);
    out.write(bytes, start, count);
    removed = position + count;
    return count;
  }

  /** The remover's: removes everything. */
  void clear() {
    removed = added;
  }
}
