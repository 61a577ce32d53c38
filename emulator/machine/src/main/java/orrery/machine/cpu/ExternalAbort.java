package orrery.machine.cpu;

import orrery.unicorn.Arm64Register;
import orrery.unicorn.CpuInternals;
import orrery.unicorn.EngineCpu;

/**
 * A synchronous external abort that a device access caused. The engine cannot leave a block in a
 * callback, so the registers at the access are kept here and put back when the block has ended:
 * registers are exact; stores behind the access in the same block have been made.
 */
abstract class ExternalAbort {
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

  private final EngineCpu cpu;
  private long physical;
  private long pstate;
  private boolean write;
  private boolean fetch;
  private boolean pending;

  ExternalAbort(EngineCpu cpu) {
    this.cpu = cpu;
  }

  final boolean isPending() {
    return pending;
  }

  /** The physical address of the access. */
  final long physical() {
    return physical;
  }

  /** Whether the access is a store. */
  final boolean isWrite() {
    return write;
  }

  /** Whether the access is for an instruction. */
  final boolean fetch() {
    return fetch;
  }

  /** In a device callback: the access failed. Only the first of a block counts. */
  final void record(boolean isWrite, long address) {
    if (!pending) {
      physical = address;
      fetch = isFetch();
      keep(isWrite);
    }
  }

  /** After the engine has stopped at an access outside everything that is mapped. */
  final void recordStopped(boolean isWrite, boolean isFetch) {
    if (!pending) {
      fetch = isFetch;
      keep(isWrite);
    }
  }

  private void keep(boolean isWrite) {
    pending = true;
    write = isWrite;
    pstate = cpu.engine().read(Arm64Register.PSTATE);
    keep();
  }

  /** In a device callback: whether the access is for an instruction. */
  abstract boolean isFetch();

  /** Keeps the registers. */
  abstract void keep();

  /** Puts the registers back, PC at the instruction that made the access. */
  abstract void restore();

  /**
   * Between two blocks: goes back to the access and sets up the exception.
   *
   * @return the address of the instruction that made the access
   */
  final long deliver(boolean hosted) {
    pending = false;
    restore();
    long at = cpu.pc();
    boolean lower = (pstate >>> LEVEL_SHIFT & 3) == 0;
    int exceptionClass =
        fetch ? (lower ? FETCH_LOWER : FETCH_SAME) : (lower ? DATA_LOWER : DATA_SAME);
    int flags = write ? WRITE : 0;
    cpu.syndrome(exceptionClass | INSTRUCTION_LENGTH | FAR_NOT_VALID | flags | EXTERNAL);
    cpu.faultAddress(0);
    if (!hosted) {
      cpu.engine().write(Arm64Register.PSTATE, pstate);
      cpu.rebuildFlags();
      cpu.exceptionNumber(
          fetch ? CpuInternals.EXCEPTION_PREFETCH_ABORT : CpuInternals.EXCEPTION_DATA_ABORT);
      cpu.takeException();
    }
    return at;
  }
}
