package orrery.kernel.task;

import orrery.machine.cpu.TrapHandler;
import orrery.machine.cpu.Vcpu;

/** Where the processor enters the kernel: system calls, faults and interrupts of programs. */
public final class KernelEntry implements TrapHandler {
  private final Scheduler scheduler;
  private final ExceptionHandler exceptions;

  public KernelEntry(Scheduler scheduler, ExceptionHandler exceptions) {
    this.scheduler = scheduler;
    this.exceptions = exceptions;
  }

  @Override
  public void supervisorCall(Vcpu cpu) {
    scheduler.systemCall();
  }

  @Override
  public void synchronousException(Vcpu cpu) {
    exceptions.handle(scheduler.current(), cpu.syndrome(), cpu.faultAddress());
    scheduler.leaveException();
  }

  @Override
  public void interrupted(Vcpu cpu) {
    scheduler.interrupted();
  }
}
