package orrery.machine.cpu;

/**
 * Reads the syndrome of a trapped system instruction (ARM DDI 0487, ESR_EL1, class 0x18). EL0's
 * cache maintenance by address arrives so, because translated code is cached: for IC IVAU the
 * kernel calls {@link Vcpu#invalidateCode}; for DC CVAU, CVAC, CVAP and CIVAC nothing is to be
 * done. Then {@link Vcpu#skipInstruction}.
 */
public final class SystemTrap {
  /** The exception class. */
  public static final int EXCEPTION_CLASS = 0x18;

  /** IC IVAU: invalidate instruction caches by address. */
  public static final int IC_IVAU = encoding(1, 3, 7, 5, 1);

  /** DC CVAU: clean data cache by address to the point of unification. */
  public static final int DC_CVAU = encoding(1, 3, 7, 11, 1);

  /** DC CVAC: clean data cache by address to the point of coherency. */
  public static final int DC_CVAC = encoding(1, 3, 7, 10, 1);

  /** DC CVAP: clean data cache by address to the point of persistence. */
  public static final int DC_CVAP = encoding(1, 3, 7, 12, 1);

  /** DC CIVAC: clean and invalidate data cache by address. */
  public static final int DC_CIVAC = encoding(1, 3, 7, 14, 1);

  private static final int CLASS_SHIFT = 26;

  private SystemTrap() {}

  /** Whether a syndrome is that of a trapped system instruction. */
  public static boolean is(int syndrome) {
    return syndrome >>> CLASS_SHIFT == EXCEPTION_CLASS;
  }

  /** An instruction's or register's encoding in one number. */
  public static int encoding(int op0, int op1, int crn, int crm, int op2) {
    return op0 << 14 | op1 << 11 | crn << 7 | crm << 3 | op2;
  }

  /** The {@link #encoding} of the trapped instruction. */
  public static int encoding(int syndrome) {
    return encoding(
        syndrome >>> 20 & 3,
        syndrome >>> 14 & 7,
        syndrome >>> 10 & 15,
        syndrome >>> 1 & 15,
        syndrome >>> 17 & 7);
  }

  /** The general register that it names, 31 for XZR. */
  public static int register(int syndrome) {
    return syndrome >>> 5 & 31;
  }

  /** Whether it reads (MRS, SYSL). */
  public static boolean isRead(int syndrome) {
    return (syndrome & 1) != 0;
  }
}
