package orrery.kernel.system;

import orrery.kernel.task.Scheduler;
import orrery.kernel.wait.KernelTimer;

/**
 * The averages of runnable threads over 1, 5 and 15 minutes: exponentially decaying, sampled every
 * five seconds in fixed point. Source: Linux {@code kernel/sched/loadavg.c}.
 */
public final class LoadAverage extends KernelTimer {
  private static final long PERIOD = 5_000_000_000L;
  private static final int SHIFT = 11;
  private static final long ONE = 1 << SHIFT;

  /** 1/exp(5 s / 1 min), 1/exp(5 s / 5 min), 1/exp(5 s / 15 min). */
  private static final long[] DECAY = {1884, 2014, 2037};

  private final Scheduler scheduler;
  private final long[] averages = new long[DECAY.length];

  public LoadAverage(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /** Begins to sample. */
  public void start() {
    scheduler.timers().arm(this, scheduler.now() + PERIOD);
  }

  @Override
  protected void expired() {
    long active = scheduler.runnable() * ONE;
    for (int i = 0; i < averages.length; i++) {
      long sum = averages[i] * DECAY[i] + active * (ONE - DECAY[i]);
      if (active >= averages[i]) {
        sum += ONE - 1;
      }
      averages[i] = sum >> SHIFT;
    }
    start();
  }

  /** The average over 1 (0), 5 (1) or 15 (2) minutes in units of 1/65536, as sysinfo(2) has it. */
  public long shifted16(int which) {
    return averages[which] << 16 - SHIFT;
  }

  /** The same in hundredths, rounded. */
  public long hundredths(int which) {
    return averages[which] * 100 + ONE / 2 >> SHIFT;
  }
}
