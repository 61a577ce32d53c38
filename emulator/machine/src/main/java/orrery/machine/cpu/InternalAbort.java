package orrery.machine.cpu;

import orrery.unicorn.CpuInternals;

/** An external abort of which the engine itself knows the instruction. */
final class InternalAbort extends ExternalAbort {
  private static final int EL1 = 1;

  private final CpuInternals internals;
  private final UserContext registers = new UserContext();

  InternalAbort(CpuInternals cpu) {
    super(cpu);
    internals = cpu;
  }

  @Override
  boolean isFetch() {
    return !internals.restoreAccessPc();
  }

  @Override
  void keep() {
    registers.save(internals);
  }

  @Override
  void restore() {
    registers.load(internals);
    internals.exceptionTarget(EL1);
  }
}
