package orrery.machine.cpu;

import orrery.unicorn.Arm64Register;
import orrery.unicorn.SystemRegister;
import orrery.unicorn.Unicorn;

/** Values of the control registers that the machine itself sets (ARM DDI 0487, D13.2). */
final class SystemState {
  private static final SystemRegister SCTLR_EL1 = new SystemRegister(3, 0, 1, 0, 0);
  private static final SystemRegister CPACR_EL1 = new SystemRegister(3, 0, 1, 0, 2);
  private static final SystemRegister TCR_EL1 = new SystemRegister(3, 0, 2, 0, 2);
  private static final SystemRegister MAIR_EL1 = new SystemRegister(3, 0, 10, 2, 0);
  private static final SystemRegister CNTKCTL_EL1 = new SystemRegister(3, 0, 14, 1, 0);
  private static final SystemRegister HCR_EL2 = new SystemRegister(3, 4, 1, 1, 0);
  private static final SystemRegister VMPIDR_EL2 = new SystemRegister(3, 4, 0, 0, 5);
  private static final SystemRegister SCR_EL3 = new SystemRegister(3, 6, 1, 1, 0);

  /** Not secure, HVC allowed, EL2 is AArch64, and the two bits that are always one. */
  private static final long SCR = 1 | 1 << 4 | 1 << 5 | 1 << 8 | 1 << 10;

  /** MPIDR_EL1's bit that is one; its affinity 0 is the CPU's number. */
  private static final long MPIDR = 1L << 31;

  /** EL1 is AArch64. */
  private static final long HCR = 1L << 31;

  /** Counters readable at EL0, physical and virtual. */
  private static final long CNTKCTL = 3;

  /** Floating point and SIMD at EL0 and EL1. */
  private static final long CPACR = 3 << 20;

  /** Attribute 0 is device memory, attribute 1 normal write-back memory. */
  private static final long MAIR = 0xff00;

  /**
   * 39-bit addresses from TTBR0 only (T0SZ 25, EPD1), walks inner shareable write-back, 4 KiB
   * granule, 40-bit physical addresses, top byte ignored.
   */
  private static final long TCR = 25 | 1 << 8 | 1 << 10 | 3 << 12 | 1 << 23 | 2L << 32 | 1L << 37;

  /**
   * MMU and caches on; EL0 may use DC ZVA, read CTR, execute WFI and WFE; its other cache
   * maintenance traps (UCI is zero), because the engine must hear of changed code.
   */
  private static final long SCTLR =
      0x30d0_0800L | 1 | 1 << 2 | 1 << 3 | 1 << 4 | 1 << 12 | 1 << 14 | 1 << 15 | 1 << 16 | 1 << 18;

  private static final long USER_PSTATE = 0;

  private SystemState() {}

  /** The engine resets to secure EL1; guests expect the other world. */
  static void leaveSecureState(Unicorn engine) {
    engine.write(SCR_EL3, SCR);
    engine.write(HCR_EL2, HCR);
  }

  /** Which CPU MPIDR_EL1 says that it is: EL1 reads what EL2 would have it see. */
  static void identify(Unicorn engine, int cpu) {
    engine.write(VMPIDR_EL2, MPIDR | cpu);
  }

  /** EL1's registers for a hosted kernel, and EL0. */
  static void enterUserMode(Unicorn engine) {
    engine.write(CNTKCTL_EL1, CNTKCTL);
    engine.write(CPACR_EL1, CPACR);
    engine.write(MAIR_EL1, MAIR);
    engine.write(TCR_EL1, TCR);
    engine.write(SCTLR_EL1, SCTLR);
    engine.write(Arm64Register.PSTATE, USER_PSTATE);
  }
}
