package orrery.cli.console;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A bounded queue of bytes between two threads: one puts, one takes, neither waits and nothing is
 * allocated. A position is published after the bytes it covers.
 */
final class ByteRing {
  private static final VarHandle HEAD = position("head");
  private static final VarHandle TAIL = position("tail");

  private final byte[] bytes;
  private final int mask;

  /** Bytes taken since the start; written by the taker. */
  @SuppressWarnings("unused") // through HEAD
  private long head;

  /** Bytes put since the start; written by the putter. */
  @SuppressWarnings("unused") // through TAIL
  private long tail;

  /**
   * An empty queue.
   *
   * @param capacity bytes, a power of two
   */
  ByteRing(int capacity) {
    if (Integer.bitCount(capacity) != 1) {
      throw new IllegalArgumentException("not a power of two: " + capacity);
    }
    bytes = new byte[capacity];
    mask = capacity - 1;
  }

  int capacity() {
    return bytes.length;
  }

  /** Bytes to be taken. Any thread. */
  int size() {
    long taken = (long) HEAD.getVolatile(this);
    return (int) ((long) TAIL.getVolatile(this) - taken);
  }

  /** Bytes that can be put. Any thread. */
  int room() {
    return bytes.length - size();
  }

  /** Puts a byte; false if the queue is full. The putter's thread. */
  boolean put(int octet) {
    long at = tail;
    if (at - (long) HEAD.getVolatile(this) == bytes.length) {
      return false;
    }
    bytes[(int) at & mask] = (byte) octet;
    // Volatile and not only a release: the putter looks next at whether the taker sleeps.
    TAIL.setVolatile(this, at + 1);
    return true;
  }

  /** Takes a byte (0 to 255), or -1 if the queue is empty. The taker's thread. */
  int take() {
    long at = head;
    if (at == (long) TAIL.getAcquire(this)) {
      return -1;
    }
    int octet = bytes[(int) at & mask] & 0xff;
    HEAD.setVolatile(this, at + 1);
    return octet;
  }

  /**
   * Copies bytes to be taken without taking them. The taker's thread.
   *
   * @return how many, at most {@code into.length}
   */
  int peek(byte[] into) {
    long at = head;
    int count = (int) Math.min(into.length, (long) TAIL.getAcquire(this) - at);
    int start = (int) at & mask;
    int first = Math.min(count, bytes.length - start);
    System.arraycopy(bytes, start, into, 0, first);
    System.arraycopy(bytes, 0, into, first, count - first);
    return count;
  }

  /**
   * Takes {@code count} bytes that {@link #peek} saw. The taker's thread.
   *
   * @return whether the putter may have found the queue full before
   */
  boolean skip(int count) {
    long at = head;
    HEAD.setVolatile(this, at + count);
    // Read after the new head is out: whoever fills the queue later finds the room.
    return (long) TAIL.getVolatile(this) - at >= bytes.length;
  }

  private static VarHandle position(String name) {
    try {
      return MethodHandles.lookup().findVarHandle(ByteRing.class, name, long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }
}
