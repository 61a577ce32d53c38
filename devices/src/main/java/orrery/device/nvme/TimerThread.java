package orrery.device.nvme;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/** A timer with a thread of its own, which starts when the timer is first set. */
final class TimerThread implements Timer {
  private final LongSupplier clock;
  private final Runnable expired;
  private Thread thread;
  private boolean closed;
  private boolean set;
  private long deadline;

  /** {@code expired} is called on the timer's thread. */
  TimerThread(LongSupplier clock, Runnable expired) {
    this.clock = clock;
    this.expired = expired;
  }

  @Override
  public synchronized void wakeAt(long nanos) {
    if (set && deadline - nanos <= 0) {
      return;
    }
    set = true;
    deadline = nanos;
    if (thread == null) {
      thread = Thread.ofPlatform().daemon().name("orrery-nvme-timer").start(this::run);
    } else {
      LockSupport.unpark(thread);
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

  /** Nanoseconds until the call; when its time has come, the timer is no longer set. */
  private synchronized long left() {
    if (!set) {
      return Long.MAX_VALUE;
    }
    long left = deadline - clock.getAsLong();
    set = left > 0;
    return left;
  }
}
