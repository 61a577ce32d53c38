package orrery.device.rtc;

import java.util.concurrent.locks.LockSupport;

/** An alarm with a thread of its own, which starts when the alarm is first set. */
final class AlarmThread implements Pl031.Alarm {
  private final Runnable expired;
  private Thread thread;
  private boolean closed;
  private boolean set;
  private long deadline;

  AlarmThread(Runnable expired) {
    this.expired = expired;
  }

  @Override
  public synchronized void set(long nanos) {
    set = true;
    deadline = System.nanoTime() + nanos;
    if (thread == null) {
      thread = Thread.ofPlatform().daemon().name("orrery-rtc-alarm").start(this::run);
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
    while (!closed()) {
      long left = left();
      if (left <= 0) {
        expired.run();
      } else {
        LockSupport.parkNanos(this, left);
      }
    }
  }

  private synchronized boolean closed() {
    return closed;
  }

  /** Nanoseconds until the alarm; when it has come, it is no longer set. */
  private synchronized long left() {
    if (!set) {
      return Long.MAX_VALUE;
    }
    long left = deadline - System.nanoTime();
    set = left > 0;
    return left;
  }
}
