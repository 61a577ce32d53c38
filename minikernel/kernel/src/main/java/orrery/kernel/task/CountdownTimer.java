package orrery.kernel.task;

import orrery.kernel.wait.KernelTimer;

/**
 * A program's timer, once or at intervals, on machine time or on the processor time of a process or
 * a thread. Processor time never runs faster than machine time, so a timer on it looks again when
 * it could have come at the earliest.
 */
public abstract class CountdownTimer extends KernelTimer {
  /** What a timer counts. */
  public enum Base {
    /** Machine time, see {@link Scheduler#now}. */
    MACHINE_TIME,
    /** Processor time of the process. */
    PROCESS_TIME,
    /** Processor time of the thread. */
    THREAD_TIME
  }

  /** The shortest time between two looks at processor time, and between two unheeded expiries. */
  static final long TICK = 1_000_000;

  private Base base = Base.MACHINE_TIME;
  private Task thread;
  private Scheduler scheduler;
  private boolean running;
  private long expiry;
  private long interval;

  CountdownTimer() {}

  /** The timer's time has come; {@code now} is its base's time. */
  protected abstract void fire(long now);

  /** Chooses what to count: before {@link #set}. */
  final void base(Base newBase, Task owner) {
    base = newBase;
    thread = owner;
    scheduler = owner.scheduler();
  }

  /** The base's time now, in nanoseconds. */
  public final long now() {
    if (base == Base.MACHINE_TIME) {
      return scheduler.now();
    }
    Task current = scheduler.current();
    if (current != null && current.state() == Task.State.RUNNING) {
      scheduler.chargeRunning(); // else nobody has used any time since the last charge
    }
    return base == Base.PROCESS_TIME ? thread.process().runNanos() : thread.runNanos();
  }

  /** Starts it: first at {@code at} in the base's time, then every {@code every} nanoseconds. */
  final void set(long at, long every) {
    expiry = at;
    interval = every;
    running = true;
    arm();
  }

  /** Stops it. */
  final void cancel() {
    running = false;
    if (scheduler != null) {
      scheduler.timers().cancel(this);
    }
  }

  /** Goes on to the first expiry after {@code now}; returns how many were passed over. */
  final long forward(long now) {
    long missed = now < expiry ? 0 : (now - expiry) / interval;
    expiry = saturatedAdd(expiry, (missed + 1) * interval);
    return missed;
  }

  /** Waits for {@link #expiry}. */
  final void arm() {
    long left = expiry - now();
    if (base != Base.MACHINE_TIME) {
      left = Math.max(left, TICK);
    }
    scheduler.timers().arm(this, saturatedAdd(scheduler.now(), Math.max(left, 0)));
  }

  /** As {@link #arm}, but no sooner than {@code least} nanoseconds from now. */
  final void armAfter(long least) {
    expiry = Math.max(expiry, saturatedAdd(now(), least));
    arm();
  }

  @Override
  protected final void expired() {
    long now = now();
    if (now < expiry) {
      arm();
    } else {
      fire(now);
    }
  }

  final boolean isRunning() {
    return running;
  }

  /** It has expired for the last time. */
  final void finished() {
    running = false;
  }

  /** The time between expiries in nanoseconds, 0 if it expires once. */
  public final long interval() {
    return interval;
  }

  /** Nanoseconds to the next expiry, at least 1; 0 if it does not run. */
  public final long remaining() {
    if (!running) {
      return 0;
    }
    long now = now();
    long next = expiry;
    if (next <= now && interval != 0) {
      next += ((now - next) / interval + 1) * interval;
    }
    return Math.max(next - now, 1);
  }

  static long saturatedAdd(long a, long b) {
    long sum = a + b;
    return sum < a ? Long.MAX_VALUE : sum;
  }
}
