package orrery.driver.nvme;

import orrery.kernel.hw.CpuBuffer;
import orrery.ownership.OutOfRangeException;
import orrery.ownership.Range;
import orrery.ownership.Untrusted;

/**
 * What the driver wants to know of Identify Namespace (NVM, figure 97).
 *
 * @param blocks how many logical blocks it has
 * @param blockShift log2 of a block's bytes
 * @param readOnly whether it is write-protected
 * @param eui64 its IEEE identifier, 16 hexadecimal digits; empty if it has none
 * @param nguid its globally unique identifier, 32 hexadecimal digits; empty if it has none
 */
record NamespaceIdentity(
    long blocks, int blockShift, boolean readOnly, String eui64, String nguid) {
  // Byte offsets.
  private static final int NSZE = 0;
  private static final int NLBAF = 25;
  private static final int FLBAS = 26;
  private static final int NSATTR = 99;
  private static final int NGUID = 104;
  private static final int NGUID_LENGTH = 16;
  private static final int EUI64 = 120;
  private static final int EUI64_LENGTH = 8;
  private static final int LBAF = 128;

  private static final int FORMAT_LOW_MASK = 0xf;
  private static final int FORMAT_HIGH_MASK = 0x60;
  private static final int WRITE_PROTECTED = 1;
  private static final int BYTE_MAX = 0xff;
  private static final int WORD_MASK = 0xffff;
  private static final int MAX_FORMATS = 64;
  private static final int MIN_SHIFT = 9;
  private static final int MAX_SHIFT = 12;

  /**
   * Reads the data structure.
   *
   * @throws NvmeException if the driver cannot work with such a namespace
   */
  static NamespaceIdentity of(CpuBuffer page) throws NvmeException {
    try {
      int formatted = page.readByte(FLBAS) & BYTE_MAX;
      int formats = Math.min((page.readByte(NLBAF) & BYTE_MAX) + 1, MAX_FORMATS);
      @Untrusted int named = formatted & FORMAT_LOW_MASK | (formatted & FORMAT_HIGH_MASK) >>> 1;
      int format = page.readInt(LBAF + Range.index(named, formats) * Integer.BYTES);
      if ((format & WORD_MASK) != 0) {
        throw new NvmeException("it is formatted with metadata");
      }
      @Untrusted int size = format >>> Short.SIZE & BYTE_MAX;
      int shift = Range.between(size, MIN_SHIFT, MAX_SHIFT);
      @Untrusted long count = page.readLong(NSZE);
      return new NamespaceIdentity(
          Range.between(count, 0, Long.MAX_VALUE >>> shift),
          shift,
          (page.readByte(NSATTR) & WRITE_PROTECTED) != 0,
          digits(page, EUI64, EUI64_LENGTH),
          digits(page, NGUID, NGUID_LENGTH));
    } catch (OutOfRangeException e) {
      throw new NvmeException("its format cannot be: " + e.getMessage());
    }
  }

  private static String digits(CpuBuffer page, int at, int length) {
    StringBuilder text = new StringBuilder(2 * length);
    int any = 0;
    for (int i = 0; i < length; i++) {
      int octet = page.readByte(at + i) & BYTE_MAX;
      any |= octet;
      text.append(Character.forDigit(octet >>> 4, 16)).append(Character.forDigit(octet & 0xf, 16));
    }
    return any == 0 ? "" : text.toString();
  }
}
