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

  /** What {@link #number} answers for what is no number. */
  static final long BAD = -1;

  private CpioHeader() {}

  /**
   * Whether {@code in} is at a header: "070701", or "070702" with check sums (which are not looked
   * at).
   */
  static boolean isNext(ArchiveInput in) throws InitramfsException {
    return in.look(SIZE) == SIZE
        && in.octet(0) == '0'
        && in.octet(1) == '7'
        && in.octet(2) == '0'
        && in.octet(3) == '7'
        && in.octet(4) == '0'
        && (in.octet(5) == '1' || in.octet(5) == '2');
  }

  /** Number {@code index} of the header that {@code in} is at; {@link #BAD} if it is none. */
  static long number(ArchiveInput in, int index) {
    return in.number(MAGIC_SIZE + index * DIGITS);
  }
}
