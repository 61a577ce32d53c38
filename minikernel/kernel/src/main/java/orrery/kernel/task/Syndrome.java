package orrery.kernel.task;

/**
 * The fields of ESR_EL1 for exceptions from EL0. Source: Arm Architecture Reference Manual (DDI
 * 0487), ESR_EL1 and its ISS encodings.
 */
final class Syndrome {
  static final int UNKNOWN = 0x00;
  static final int SYSTEM_REGISTER = 0x18;
  static final int INSTRUCTION_ABORT = 0x20;
  static final int PC_ALIGNMENT = 0x22;
  static final int DATA_ABORT = 0x24;
  static final int SP_ALIGNMENT = 0x26;
  static final int FLOATING_POINT = 0x2c;
  static final int BREAKPOINT = 0x30;
  static final int STEP = 0x32;
  static final int WATCHPOINT = 0x34;
  static final int BRK = 0x3c;

  /** Fault status: synchronous external abort. */
  static final int EXTERNAL = 0x10;

  /** Fault status: alignment. */
  static final int ALIGNMENT = 0x21;

  // ISS of floating-point exceptions: TFV says that the others are valid
  static final int FP_VALID = 1 << 23;
  static final int FP_INVALID = 1;
  static final int FP_DIVIDE = 1 << 1;
  static final int FP_OVERFLOW = 1 << 2;
  static final int FP_UNDERFLOW = 1 << 3;
  static final int FP_INEXACT = 1 << 4;

  private static final int WRITE = 1 << 6;
  private static final int CACHE_MAINTENANCE = 1 << 8;
  private static final int STATUS_MASK = 0x3f;

  private Syndrome() {}

  /** EC. */
  static int exceptionClass(int syndrome) {
    return syndrome >>> 26;
  }

  /** DFSC or IFSC of an abort. */
  static int faultStatus(int syndrome) {
    return syndrome & STATUS_MASK;
  }

  /** True if a data abort was a write; cache maintenance counts as reading. */
  static boolean isWrite(int syndrome) {
    return (syndrome & WRITE) != 0 && (syndrome & CACHE_MAINTENANCE) == 0;
  }
}
