package orrery.kernel.fs.initramfs;

/**
 * The header of a cpio entry in the newc format: a magic, then 13 numbers of 8 hexadecimal digits.
 */
final class CpioHeader {
  /** Bytes. */
  static final int SIZE = 110;

  /** Multiple of which headers and data begin at. */
  static final int ALIGNMENT = 4;

  private static final int MAGIC_SIZE = 6;
  private static final int DIGITS = 8;

  // Indexes of the numbers.
  static final int INODE = 0;
  static final int MODE = 1;
  static final int UID = 2;
  static final int GID = 3;
  static final int LINKS = 4;
  static final int MODIFIED = 5;
  static final int FILE_SIZE = 6;
  static final int MAJOR = 7;
  static final int MINOR = 8;
  static final int DEVICE_MAJOR = 9;
  static final int DEVICE_MINOR = 10;
  static final int NAME_SIZE = 11;

  /** The first six bytes of a header: "070701", or "070702" with check sums (not looked at). */
  private static final long MAGIC_MASK = 0xffff_ffff_ffffL;

  private static final long MAGIC = 0x31_30_37_30_37_30L;
  private static final long MAGIC_CRC = 0x32_30_37_30_37_30L;

  private static final long ONES = 0x0101_0101_0101_0101L;
  private static final long NIBBLES = 0x0f * ONES;

  /** What {@link #number} answers for what is no number. */
  static final long BAD = -1;

  private CpioHeader() {}

  /** Whether eight bytes begin with the magic. */
  static boolean isMagic(long word) {
    long m = word & MAGIC_MASK;
    return m == MAGIC || m == MAGIC_CRC;
  }

  /** Number {@code index} of the header that {@code in} is at; {@link #BAD} if it is none. */
  static long number(ArchiveInput in, int index) {
    return number(in.word(MAGIC_SIZE + index * DIGITS));
  }

  /** Eight hexadecimal digits, first digit in the lowest byte; all eight bytes at once. */
  static long number(long digits) {
    long lower = digits | (digits & 0x40 * ONES) >>> 1; // letters to lower case
    long value = (digits & NIBBLES) + (digits >>> 6 & ONES) * 9;
    value &= NIBBLES;
    long aboveNine = value + 6 * ONES >>> 4 & ONES;
    if (value + 0x30 * ONES + aboveNine * 0x27 != lower) {
      return BAD;
    }
    long v = Long.reverseBytes(value);
    v = (v | v >>> 4) & 0x00ff_00ff_00ff_00ffL;
    v = (v | v >>> 8) & 0x0000_ffff_0000_ffffL;
    return (v | v >>> 16) & 0xffff_ffffL;
  }
}
