package orrery.kernel.device;

import java.util.function.BooleanSupplier;
import orrery.kernel.hw.InterruptController;
import orrery.kernel.wait.TimerQueue;
import orrery.machine.clock.MachineClock;
import orrery.machine.cpu.Vcpu;

/**
 * Waiting where there is no program to switch to: interrupts and timers go on, nothing else does.
 * For probes, removals and work items, which the scheduler never interrupts.
 */
final class WaitInPlace {
  private final Vcpu cpu;
  private final MachineClock clock;
  private final InterruptController interrupts;
  private final TimerQueue timers;
  private final WorkQueue work;

  WaitInPlace(DriverServices services, WorkQueue work) {
    cpu = services.cpu();
    clock = services.clock();
    interrupts = services.interrupts();
    timers = services.timers();
    this.work = work;
  }

  /**
   * Waits.
   *
   * @param nanos at most so long
   * @return what {@code done} says in the end
   */
  boolean until(BooleanSupplier done, long nanos) {
    long deadline = Math.addExact(clock.nanos(), nanos);
    boolean outer = work.hold(true);
    try {
      while (!done.getAsBoolean() && clock.nanos() < deadline && !cpu.isHalting()) {
        cpu.deadline(Math.min(deadline, timers.earliest()));
        cpu.waitForInterrupt();
        interrupts.dispatch();
        timers.expire(clock.nanos());
      }
    } finally {
      work.hold(outer);
    }
    return done.getAsBoolean();
  }
}
