package orrery.driver.nvme;

import orrery.kernel.hw.CpuBuffer;
import orrery.ownership.OutOfRangeException;
import orrery.ownership.Range;
import orrery.ownership.Untrusted;

/**
 * What the driver wants to know of Identify Controller (Base, figure 275).
 *
 * @param serial number
 * @param model number
 * @param firmware revision
 * @param name the subsystem's qualified name, may be empty
 * @param id of the controller in its subsystem
 * @param maxTransfer bytes of the largest transfer
 * @param aborts how many Abort commands it takes at once
 * @param events how many Asynchronous Event Requests it takes
 * @param attributeNotices whether it tells of changes of namespaces
 * @param shutdownNanos how long a shutdown may take; 0 if it does not say
 * @param knowsSgl whether I/O commands may have SGLs of any alignment
 * @param discards whether it has Dataset Management
 * @param zeroes whether it has Write Zeroes
 * @param volatileCache whether it has a cache that needs Flush
 */
record ControllerIdentity(
    String serial,
    String model,
    String firmware,
    String name,
    int id,
    int maxTransfer,
    int aborts,
    int events,
    boolean attributeNotices,
    long shutdownNanos,
    boolean knowsSgl,
    boolean discards,
    boolean zeroes,
    boolean volatileCache) {
  // Byte offsets.
  private static final int SN = 4;
  private static final int SN_LENGTH = 20;
  private static final int MN = 24;
  private static final int MN_LENGTH = 40;
  private static final int FR = 64;
  private static final int FR_LENGTH = 8;
  private static final int MDTS = 77;
  private static final int CNTLID = 78;
  private static final int RTD3E = 88;
  private static final int OAES = 92;
  private static final int ACL = 258;
  private static final int AERL = 259;
  private static final int SQES = 512;
  private static final int CQES = 513;
  private static final int ONCS = 520;
  private static final int VWC = 525;
  private static final int SGLS = 536;
  private static final int SUBNQN = 768;
  private static final int SUBNQN_LENGTH = 256;

  private static final int OAES_ATTRIBUTES = 1 << 8;
  private static final int ONCS_DATASET_MANAGEMENT = 1 << 2;
  private static final int ONCS_WRITE_ZEROES = 1 << 3;
  private static final int SGLS_SUPPORT_MASK = 3;
  private static final int SGLS_ANY_ALIGNMENT = 1;
  private static final int SIZE_MASK = 0xf;
  private static final int SUBMISSION_SHIFT = 6;
  private static final int COMPLETION_SHIFT = 4;
  private static final int PAGE_SHIFT = 12;
  private static final int MAX_SHIFT = 9;
  private static final int BYTE_MAX = 0xff;
  private static final int WORD_MASK = 0xffff;
  private static final long UNSIGNED = 0xffff_ffffL;
  private static final long MICRO = 1000;
  private static final int FIRST_PRINTABLE = 0x20;
  private static final int LAST_PRINTABLE = 0x7e;

  /**
   * Reads the data structure.
   *
   * @throws NvmeException if the driver cannot work with such a controller
   */
  static ControllerIdentity of(CpuBuffer page) throws NvmeException {
    int submission = page.readByte(SQES) & SIZE_MASK;
    int completion = page.readByte(CQES) & SIZE_MASK;
    if (submission != SUBMISSION_SHIFT || completion != COMPLETION_SHIFT) {
      throw new NvmeException("the controller wants queue entries of other sizes");
    }
    int commands = page.readShort(ONCS);
    return new ControllerIdentity(
        text(page, SN, SN_LENGTH),
        text(page, MN, MN_LENGTH),
        text(page, FR, FR_LENGTH),
        text(page, SUBNQN, SUBNQN_LENGTH),
        page.readShort(CNTLID) & WORD_MASK,
        transfer(page.readByte(MDTS) & BYTE_MAX),
        (page.readByte(ACL) & BYTE_MAX) + 1,
        (page.readByte(AERL) & BYTE_MAX) + 1,
        (page.readInt(OAES) & OAES_ATTRIBUTES) != 0,
        (page.readInt(RTD3E) & UNSIGNED) * MICRO,
        (page.readInt(SGLS) & SGLS_SUPPORT_MASK) == SGLS_ANY_ALIGNMENT,
        (commands & ONCS_DATASET_MANAGEMENT) != 0,
        (commands & ONCS_WRITE_ZEROES) != 0,
        (page.readByte(VWC) & 1) != 0);
  }

  /** MDTS is a power of two of pages, 0 for no limit; the driver has one of its own. */
  private static int transfer(@Untrusted int shift) {
    try {
      return 1 << Range.between(shift, 1, MAX_SHIFT) + PAGE_SHIFT;
    } catch (OutOfRangeException e) {
      return 1 << MAX_SHIFT + PAGE_SHIFT;
    }
  }

  /** Text that is filled up with spaces; what is not printable becomes a question mark. */
  private static String text(CpuBuffer page, int at, int length) {
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length && page.readByte(at + i) != 0; i++) {
      int c = page.readByte(at + i);
      text.append(c < FIRST_PRINTABLE || c > LAST_PRINTABLE ? '?' : (char) c);
    }
    return text.toString().stripTrailing();
  }
}
