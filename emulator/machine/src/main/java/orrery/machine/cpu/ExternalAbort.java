package orrery.machine.cpu;

import orrery.unicorn.Arm64Register;
import orrery.unicorn.CpuInternals;

/**
 * A synchronous external abort that a device access caused. The engine cannot leave a block in a
 * callback, so the registers at the access are kept here and put back when the block has ended:
 * registers are exact; stores behind the access in the same block have been made.
 */
final class ExternalAbort {
  // ESR_EL1: class, 32-bit instruction, no valid FAR, write, status code.
  private static final int FETCH_LOWER = 0x20 << 26;
  private static final int FETCH_SAME = 0x21 << 26;
  private static final int DATA_LOWER = 0x24 << 26;
  private static final int DATA_SAME = 0x25 << 26;
  private static final int INSTRUCTION_LENGTH = 1 << 25;
  private static final int FAR_NOT_VALID = 1 << 10;
  private static final int WRITE = 1 << 6;
  private static final int EXTERNAL = 0x10;

  private static final int LEVEL_SHIFT = 2;
  private static final int EL1 = 1;

  private final CpuInternals cpu;
  private final UserContext registers = new UserContext();
  private long pstate;
  private int flags;
  private boolean fetch;
  private boolean pending;

  ExternalAbort(CpuInternals cpu) {
    this.cpu = cpu;
  }

  boolean isPending() {
    return pending;
  }

  /** In a device callback: the access failed. Only the first of a block counts. */
  void record(boolean write) {
    if (!pending) {
      fetch = !cpu.restoreAccessPc();
      keep(write);
    }
  }

  /** After the engine has stopped at an access outside everything that is mapped. */
  void recordStopped(boolean write, boolean isFetch) {
    if (!pending) {
      fetch = isFetch;
      keep(write);
    }
  }

  private void keep(boolean write) {
    pending = true;
    flags = write ? WRITE : 0;
    pstate = cpu.engine().read(Arm64Register.PSTATE);
    registers.save(cpu);
  }

  /**
   * Between two blocks: goes back to the access and sets up the exception.
   *
   * @return the address of the instruction that made the access
   */
  long deliver(boolean hosted) {
    pending = false;
    registers.load(cpu);
    long at = cpu.pc();
    boolean lower = (pstate >>> LEVEL_SHIFT & 3) == 0;
    int exceptionClass =
        fetch ? (lower ? FETCH_LOWER : FETCH_SAME) : (lower ? DATA_LOWER : DATA_SAME);
    cpu.syndrome(exceptionClass | INSTRUCTION_LENGTH | FAR_NOT_VALID | flags | EXTERNAL);
    cpu.faultAddress(0);
    if (!hosted) {
      cpu.engine().write(Arm64Register.PSTATE, pstate);
      cpu.rebuildFlags();
      cpu.exceptionNumber(
          fetch ? CpuInternals.EXCEPTION_PREFETCH_ABORT : CpuInternals.EXCEPTION_DATA_ABORT);
      cpu.exceptionTarget(EL1);
      cpu.takeException();
    }
    return at;
  }
}
