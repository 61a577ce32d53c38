package orrery.kernel.aio;

import orrery.kernel.fs.FileTable;
import orrery.kernel.wait.Caller;
import orrery.kernel.wait.KernelTimer;
import orrery.kernel.wait.TimerQueue;

/**
 * The thread of a ring that was made with IORING_SETUP_SQPOLL: it looks for entries, so that the
 * program need not enter the kernel to submit them. Linux's has a processor for itself and never
 * looks away; this one looks at intervals, and whenever the program sleeps in io_uring_enter(2).
 */
final class SubmissionPoll implements RingThreads.Work {
  /** How long an entry may lie there while the program computes, in nanoseconds. */
  private static final long INTERVAL = 50_000;

  private final Uring ring;
  private final TimerQueue timers;
  private final long idle;
  private long awakeUntil;

  private final KernelTimer next =
      new KernelTimer() {
        @Override
        protected void expired() {
          ring.urge();
        }
      };

  /**
   * @param idle after so many nanoseconds without an entry it sleeps until it is woken
   */
  SubmissionPoll(Uring ring, TimerQueue timers, long idle) {
    this.ring = ring;
    this.timers = timers;
    this.idle = idle;
  }

  @Override
  public boolean run(Caller c, FileTable files) {
    if (ring.isDead()) {
      return false;
    }
    boolean found = ring.submitAll(c, files) > 0;
    long now = c.now();
    if (found || ring.takesWakeUp()) {
      awakeUntil = now + idle;
    }
    boolean awake = now < awakeUntil;
    ring.needsWakeUp(!awake);
    if (awake) {
      timers.arm(next, now + INTERVAL);
    }
    return true;
  }

  /** The ring ends. */
  void stop() {
    timers.cancel(next);
  }
}
