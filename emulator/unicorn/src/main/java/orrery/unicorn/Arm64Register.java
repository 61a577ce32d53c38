package orrery.unicorn;

/**
 * Register numbers, {@code uc_arm64_reg} in arm64.h. Banks of registers are functions of their
 * index; everything else is a constant.
 */
public final class Arm64Register {
  /** No register. */
  public static final int INVALID = 0;

  /** Frame pointer. */
  public static final int X29 = 1;

  /** Link register. */
  public static final int X30 = 2;

  /** Condition flags, bits 31:28. */
  public static final int NZCV = 3;

  /** Stack pointer of the current exception level. */
  public static final int SP = 4;

  /** Low half of SP. */
  public static final int WSP = 5;

  /** Zero, 32 bits. */
  public static final int WZR = 6;

  /** Zero, 64 bits. */
  public static final int XZR = 7;

  private static final int B0 = 8;
  private static final int D0 = 40;
  private static final int H0 = 72;
  private static final int Q0 = 104;
  private static final int S0 = 136;
  private static final int W0 = 168;
  private static final int X0 = 199;
  private static final int V0 = 228;

  /** Program counter. Writing it in a hook stops the current translation block. */
  public static final int PC = 260;

  /** Architectural feature access control. */
  public static final int CPACR_EL1 = 261;

  /** Thread pointer, EL0. */
  public static final int TPIDR_EL0 = 262;

  /** Read-only thread pointer, EL0. */
  public static final int TPIDRRO_EL0 = 263;

  /** Thread pointer, EL1. */
  public static final int TPIDR_EL1 = 264;

  /** Process state in SPSR layout, 32 bits. */
  public static final int PSTATE = 265;

  private static final int ELR_EL0 = 266;
  private static final int SP_EL0 = 270;

  /** Translation table base 0, EL1. */
  public static final int TTBR0_EL1 = 274;

  /** Translation table base 1, EL1. */
  public static final int TTBR1_EL1 = 275;

  private static final int ESR_EL0 = 276;
  private static final int FAR_EL0 = 280;

  /** Result of an address translation instruction. */
  public static final int PAR_EL1 = 284;

  /** Memory attribute indirection. */
  public static final int MAIR_EL1 = 285;

  private static final int VBAR_EL0 = 286;

  /** Any system register; the value is a {@code uc_arm64_cp_reg}. */
  public static final int CP_REG = 290;

  /** Floating-point control, 32 bits. */
  public static final int FPCR = 291;

  /** Floating-point status, 32 bits. */
  public static final int FPSR = 292;

  private Arm64Register() {}

  /** X0 to X30, 64 bits. */
  public static int x(int n) {
    check(n, 31);
    return n == 29 ? X29 : n == 30 ? X30 : X0 + n;
  }

  /** W0 to W30, 32 bits. */
  public static int w(int n) {
    return check(n, 31) + W0;
  }

  /** V0 to V31, 128 bits. */
  public static int v(int n) {
    return check(n, 32) + V0;
  }

  /** Q0 to Q31, 128 bits. */
  public static int q(int n) {
    return check(n, 32) + Q0;
  }

  /** D0 to D31, 64 bits. */
  public static int d(int n) {
    return check(n, 32) + D0;
  }

  /** S0 to S31, 32 bits. */
  public static int s(int n) {
    return check(n, 32) + S0;
  }

  /** H0 to H31, 16 bits. */
  public static int h(int n) {
    return check(n, 32) + H0;
  }

  /** B0 to B31, 8 bits. */
  public static int b(int n) {
    return check(n, 32) + B0;
  }

  /** Exception link register of a level, 0 to 3. */
  public static int elr(int level) {
    return check(level, 4) + ELR_EL0;
  }

  /** Stack pointer of a level, 0 to 3, while it is not the current one. */
  public static int sp(int level) {
    return check(level, 4) + SP_EL0;
  }

  /** Exception syndrome of a level, 0 to 3. */
  public static int esr(int level) {
    return check(level, 4) + ESR_EL0;
  }

  /** Fault address of a level, 0 to 3. */
  public static int far(int level) {
    return check(level, 4) + FAR_EL0;
  }

  /** Vector base of a level, 0 to 3. */
  public static int vbar(int level) {
    return check(level, 4) + VBAR_EL0;
  }

  private static int check(int n, int limit) {
    if (n < 0 || n >= limit) {
      throw new IllegalArgumentException("no register " + n);
    }
    return n;
  }
}
