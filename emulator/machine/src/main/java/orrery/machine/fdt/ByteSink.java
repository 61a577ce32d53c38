package orrery.machine.fdt;

import java.util.Arrays;

/** A growing array of bytes in the format's byte order, big-endian. */
final class ByteSink {
  private static final int INITIAL_CAPACITY = 1024;

  private byte[] bytes = new byte[INITIAL_CAPACITY];
  private int size;

  int size() {
    return size;
  }

  void word(int value) {
    ensure(Integer.BYTES);
    bytes[size++] = (byte) (value >>> 24);
    bytes[size++] = (byte) (value >>> 16);
    bytes[size++] = (byte) (value >>> 8);
    bytes[size++] = (byte) value;
  }

  void bytes(byte[] value) {
    ensure(value.length);
    System.arraycopy(value, 0, bytes, size, value.length);
    size += value.length;
  }

  void zero() {
    ensure(1);
    bytes[size++] = 0;
  }

  void align(int alignment) {
    while (size % alignment != 0) {
      zero();
    }
  }

  void copyTo(byte[] target, int at) {
    System.arraycopy(bytes, 0, target, at, size);
  }

  byte[] toArray() {
    return Arrays.copyOf(bytes, size);
  }

  private void ensure(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
    }
  }
}
