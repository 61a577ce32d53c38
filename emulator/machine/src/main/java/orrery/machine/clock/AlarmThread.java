package orrery.machine.clock;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * An alarm with a thread of its own, on which it calls back. The thread starts when the alarm is
 * first set: most never are. Any thread may set and close it.
 */
public final class AlarmThread implements Alarm {
  private final String name;
  private final LongSupplier clock;
  private final Runnable expired;
  private Thread thread;
  private boolean closed;
  private boolean set;
  private long deadline;

  /**
   * An alarm that is not set.
   *
   * @param name the thread's
   * @param clock the time now in nanoseconds
   * @param expired what to call, on the alarm's thread
   */
  public AlarmThread(String name, LongSupplier clock, Runnable expired) {
    this.name = name;
    this.clock = clock;
    this.expired = expired;
  }

  @Override
  public synchronized void set(long nanos) {
    set = true;
    deadline = nanos;
    if (thread == null) {
      thread = Thread.ofPlatform().daemon().name(name).start(this::run);
    } else {
      LockSupport.unpark(thread);
    }
  }

  @Override
  public synchronized void setNoLater(long nanos) {
    if (!set || nanos - deadline < 0) {
      set(nanos);
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (thread != null) {
      LockSupport.unpark(thread);
    }
  }

  private void run() {
    while (!isClosed()) {
      long left = left();
      if (left <= 0) {
        expired.run();
      } else {
        LockSupport.parkNanos(this, left);
      }
    }
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  /** Nanoseconds until the call; when its time has come, the alarm is no longer set. */
  private synchronized long left() {
    if (!set) {
      return Long.MAX_VALUE;
    }
    long left = deadline - clock.getAsLong();
    set = left > 0;
    return left;
  }
}
