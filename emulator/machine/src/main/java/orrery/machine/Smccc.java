package orrery.machine;

/** Numbers of the Arm SMC Calling Convention (DEN 0028). */
final class Smccc {
  static final int VERSION = 0x8000_0000;
  static final int ARCH_FEATURES = 0x8000_0001;

  static final int VERSION_1_1 = 1 << 16 | 1;
  static final int SUCCESS = 0;
  static final int NOT_SUPPORTED = -1;

  /**
   * The machine's calls are made by {@code hvc #0}; other immediates are nobody's (section 2.9).
   */
  static final int IMMEDIATE = 0;

  private Smccc() {}
}
