package orrery.kernel.memory;

/**
 * Descriptors of the translation tables: VMSAv8-64 stage 1, 4 KiB granule. Source: ARM DDI 0487,
 * D8.3.
 *
 * <p>A page's descriptor that is 0 has no frame. One that is not 0 but not {@link #VALID} keeps its
 * frame for a mapping that may not be accessed now.
 */
final class Pte {
  static final long VALID = 1;

  /** With {@link #VALID}: a next-level table (levels 1, 2) or a page (level 3). */
  static final long TABLE_OR_PAGE = 2;

  /** AP[1]: accessible from EL0. */
  static final long USER = 1 << 6;

  /** AP[2]: read-only. */
  static final long READ_ONLY = 1 << 7;

  static final long INNER_SHAREABLE = 3 << 8;
  static final long ACCESSED = 1 << 10;
  static final long NOT_GLOBAL = 1 << 11;

  /** PXN: the kernel is no program. */
  static final long KERNEL_EXECUTE_NEVER = 1L << 53;

  /** UXN. */
  static final long EXECUTE_NEVER = 1L << 54;

  /** Software's: the frame is the process's own copy and not the source's. */
  static final long ANONYMOUS = 1L << 55;

  /** Software's: no frame, but a device's registers. */
  static final long DEVICE = 1L << 56;

  static final long ADDRESS = 0xffff_ffff_f000L;

  /** A table's descriptor, beside its address. */
  static final long TABLE = VALID | TABLE_OR_PAGE;

  /** AttrIndx = 1: normal write-back memory in the MAIR that {@code Vcpu.enterUserMode} sets. */
  private static final long NORMAL_MEMORY = 1 << 2;

  /** What all pages have. */
  static final long PAGE =
      TABLE_OR_PAGE
          | NORMAL_MEMORY
          | USER
          | INNER_SHAREABLE
          | ACCESSED
          | NOT_GLOBAL
          | KERNEL_EXECUTE_NEVER;

  /** What all pages of registers have: AttrIndx = 0, device memory in the same MAIR. */
  static final long DEVICE_PAGE = PAGE & ~NORMAL_MEMORY & ~INNER_SHAREABLE | DEVICE;

  private static final long PERMISSIONS = VALID | READ_ONLY | EXECUTE_NEVER;

  private Pte() {}

  static long frame(long pte) {
    return pte & ADDRESS;
  }

  static boolean isReadable(long pte) {
    return (pte & VALID) != 0;
  }

  static boolean isWritable(long pte) {
    return (pte & (VALID | READ_ONLY)) == VALID;
  }

  static boolean isExecutable(long pte) {
    return (pte & (VALID | EXECUTE_NEVER)) == VALID;
  }

  /** As {@link #isReadable}, and there is a frame. */
  static boolean isReadableFrame(long pte) {
    return (pte & (VALID | DEVICE)) == VALID;
  }

  /** As {@link #isWritable}, and there is a frame. */
  static boolean isWritableFrame(long pte) {
    return (pte & (VALID | READ_ONLY | DEVICE)) == VALID;
  }

  static boolean isDevice(long pte) {
    return (pte & DEVICE) != 0;
  }

  static boolean isAnonymous(long pte) {
    return (pte & ANONYMOUS) != 0;
  }

  /** {@code pte} with other {@code permissions}, one of the three below. */
  static long with(long pte, long permissions) {
    return pte & ~PERMISSIONS | permissions;
  }

  static final long NO_ACCESS = READ_ONLY | EXECUTE_NEVER;
  static final long READ = VALID | READ_ONLY | EXECUTE_NEVER;
  static final long READ_WRITE = VALID | EXECUTE_NEVER;
  static final long READ_EXECUTE = VALID | READ_ONLY;
}
