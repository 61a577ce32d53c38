package orrery.kernel.tty;

import java.util.Arrays;

/** A queue of bytes that grows from 1 KiB to 64 KiB as needed. */
final class ByteRing {
  /** The most bytes it holds. */
  static final int LIMIT = 65536;

  private static final int INITIAL = 1024;

  private byte[] bytes = new byte[INITIAL];
  private int head;
  private int tail;

  int size() {
    return head - tail;
  }

  int room() {
    return LIMIT - size();
  }

  /** Adds a byte; only while there is {@link #room}. */
  void put(int c) {
    if (size() == bytes.length) {
      grow();
    }
    bytes[head++ & bytes.length - 1] = (byte) c;
  }

  private void grow() {
    byte[] larger = new byte[bytes.length * 2];
    int n = size();
    for (int i = 0; i < n; i++) {
      larger[i] = bytes[tail + i & bytes.length - 1];
    }
    bytes = larger;
    tail = 0;
    head = n;
  }

  /** The oldest byte; only if there is one. */
  int take() {
    return bytes[tail++ & bytes.length - 1] & 0xff;
  }

  /** Copies the oldest {@code n} bytes without taking them. */
  void peek(byte[] to, int n) {
    int at = tail & bytes.length - 1;
    int first = Math.min(n, bytes.length - at);
    System.arraycopy(bytes, at, to, 0, first);
    System.arraycopy(bytes, 0, to, first, n - first);
  }

  void skip(int n) {
    tail += n;
  }

  /** Forgets all but the oldest {@code n} bytes. */
  void truncate(int n) {
    head = tail + Math.min(n, size());
  }

  /** Gives the space back. */
  void release() {
    head = 0;
    tail = 0;
    bytes = Arrays.copyOf(bytes, INITIAL);
  }
}
