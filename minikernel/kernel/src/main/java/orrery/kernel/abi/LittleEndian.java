package orrery.kernel.abi;

/** Numbers in byte arrays as programs see them. */
public final class LittleEndian {
  private LittleEndian() {}

  /** Puts 8 bytes at {@code at}. */
  public static void putLong(byte[] b, int at, long v) {
    for (int i = 0; i < Long.BYTES; i++) {
      b[at + i] = (byte) (v >>> 8 * i);
    }
  }

  /** The 8 bytes at {@code at}. */
  public static long getLong(byte[] b, int at) {
    return getInt(b, at) & 0xffff_ffffL | (long) getInt(b, at + Integer.BYTES) << 32;
  }

  /** The 4 bytes at {@code at}. */
  public static int getInt(byte[] b, int at) {
    return b[at] & 0xff | (b[at + 1] & 0xff) << 8 | (b[at + 2] & 0xff) << 16 | b[at + 3] << 24;
  }
}
