package orrery.machine;

import java.util.concurrent.locks.LockSupport;

/** Switches a machine off when it has run for too long. */
final class TimeLimit {
  private final long nanos;
  private final int status;
  private volatile boolean cancelled;
  private Thread thread;

  TimeLimit(long nanos, int status) {
    this.nanos = nanos;
    this.status = status;
  }

  void start(PowerSwitch power) {
    long deadline = System.nanoTime() + nanos;
    thread =
        Thread.ofPlatform()
            .daemon()
            .name("orrery-time-limit")
            .start(
                () -> {
                  long left;
                  while (!cancelled && (left = deadline - System.nanoTime()) > 0) {
                    LockSupport.parkNanos(this, left);
                  }
                  if (!cancelled) {
                    power.off(PowerSwitch.Cause.HOST, status);
                  }
                });
  }

  void cancel() {
    cancelled = true;
    LockSupport.unpark(thread);
  }
}
