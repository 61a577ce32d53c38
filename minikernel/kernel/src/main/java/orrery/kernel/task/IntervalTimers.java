package orrery.kernel.task;

import orrery.kernel.abi.Signal;

/** The three timers of setitimer(2) that every process has. */
public final class IntervalTimers {
  public static final int REAL = 0;
  public static final int VIRTUAL = 1;
  public static final int PROF = 2;

  /** More frequent signals would leave the program no time, in nanoseconds. */
  private static final long SHORTEST_INTERVAL = 50_000;

  private static final int[] SIGNALS = {Signal.SIGALRM, Signal.SIGVTALRM, Signal.SIGPROF};

  private final ProcessSignals owner;
  private final IntervalTimer[] timers = new IntervalTimer[SIGNALS.length];

  private static final class IntervalTimer extends CountdownTimer {
    private final Process process;
    private final int signal;
    private final Signals signals;

    IntervalTimer(Process process, int signal, Signals signals) {
      this.process = process;
      this.signal = signal;
      this.signals = signals;
    }

    @Override
    protected void fire(long now) {
      signals.sendFromKernel(process, signal);
      if (interval() == 0) {
        finished();
      } else {
        forward(now);
        armAfter(SHORTEST_INTERVAL);
      }
    }
  }

  IntervalTimers(ProcessSignals owner) {
    this.owner = owner;
  }

  /** True if {@code which} names a timer. */
  public static boolean isValid(int which) {
    return which >= 0 && which < SIGNALS.length;
  }

  /** Nanoseconds to the next expiry of timer {@code which}; 0 if it does not run. */
  public long remaining(int which) {
    return timers[which] == null ? 0 : timers[which].remaining();
  }

  /** Nanoseconds between expiries of timer {@code which}; 0 if it expires once or not at all. */
  public long interval(int which) {
    return timers[which] == null ? 0 : timers[which].interval();
  }

  /**
   * Sets timer {@code which}: no kernel time is told apart, so VIRTUAL and PROF both count all
   * processor time.
   *
   * @param t the calling thread
   * @param value nanoseconds to the first expiry; 0 stops the timer
   * @param interval nanoseconds between later ones; 0 for none
   */
  public void set(Task t, Signals signals, int which, long value, long interval) {
    if (timers[which] == null) {
      timers[which] = new IntervalTimer(owner.process(), SIGNALS[which], signals);
    }
    IntervalTimer timer = timers[which];
    timer.base(
        which == REAL ? CountdownTimer.Base.MACHINE_TIME : CountdownTimer.Base.PROCESS_TIME, t);
    timer.cancel();
    if (value != 0) {
      timer.set(CountdownTimer.saturatedAdd(timer.now(), value), interval);
    }
  }

  /** Stops all three. */
  void cancel() {
    for (IntervalTimer timer : timers) {
      if (timer != null) {
        timer.cancel();
      }
    }
  }
}
