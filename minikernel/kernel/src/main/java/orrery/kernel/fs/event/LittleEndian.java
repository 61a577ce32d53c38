package orrery.kernel.fs.event;

/** Numbers in byte arrays as programs see them. */
final class LittleEndian {
  private LittleEndian() {}

  static void putLong(byte[] b, int at, long v) {
    for (int i = 0; i < Long.BYTES; i++) {
      b[at + i] = (byte) (v >>> 8 * i);
    }
  }

  static long getLong(byte[] b, int at) {
    long v = 0;
    for (int i = Long.BYTES - 1; i >= 0; i--) {
      v = v << 8 | b[at + i] & 0xff;
    }
    return v;
  }
}
