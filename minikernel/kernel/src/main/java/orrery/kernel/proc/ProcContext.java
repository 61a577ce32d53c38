package orrery.kernel.proc;

import orrery.kernel.disk.Volumes;
import orrery.kernel.fs.Vfs;
import orrery.kernel.system.LoadAverage;
import orrery.kernel.system.RandomSource;
import orrery.kernel.system.SystemNames;
import orrery.kernel.task.ProcessTable;
import orrery.kernel.task.Scheduler;
import orrery.machine.clock.MachineClock;

/**
 * What /proc tells about.
 *
 * @param volumes block devices; null if there can be none
 * @param commandLine the kernel's own command line
 */
public record ProcContext(
    ProcessTable processes,
    Scheduler scheduler,
    Vfs vfs,
    SystemNames names,
    RandomSource random,
    LoadAverage load,
    MachineClock clock,
    Volumes volumes,
    String commandLine) {
  /** Ticks in which times are told, per second: USER_HZ. */
  static final int TICKS_PER_SECOND = 100;

  private static final long NANOS_PER_TICK = 1_000_000_000L / TICKS_PER_SECOND;

  /** Nanoseconds in ticks. */
  static long ticks(long nanos) {
    return nanos / NANOS_PER_TICK;
  }

  /** Nanoseconds since the machine was switched on. */
  long uptime() {
    return clock.nanos() - clock.startNanos();
  }
}
