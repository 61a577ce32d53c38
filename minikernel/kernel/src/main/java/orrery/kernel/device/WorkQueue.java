package orrery.kernel.device;

import orrery.kernel.wait.KernelTimer;
import orrery.kernel.wait.TimerQueue;

/**
 * Work that interrupt handlers leave for later: done in order, one after the other, when no handler
 * runs and no program's call is being served.
 */
final class WorkQueue {
  private final TimerQueue timers;
  private WorkItem first;
  private WorkItem last;
  private boolean held;

  /** Expires at once, that is with the next service of the timers. */
  private final KernelTimer turn =
      new KernelTimer() {
        @Override
        protected void expired() {
          run();
        }
      };

  WorkQueue(TimerQueue timers) {
    this.timers = timers;
  }

  void add(WorkItem work) {
    if (last == null) {
      first = work;
    } else {
      last.next = work;
    }
    last = work;
    if (!held) {
      timers.arm(turn, 0);
    }
  }

  void remove(WorkItem work) {
    WorkItem before = null;
    for (WorkItem w = first; w != null; before = w, w = w.next) {
      if (w == work) {
        if (before == null) {
          first = w.next;
        } else {
          before.next = w.next;
        }
        if (last == w) {
          last = before;
        }
        w.next = null;
        return;
      }
    }
  }

  /** While held, nothing is begun: a piece of work that waits in place is not overtaken. */
  boolean hold(boolean on) {
    boolean before = held;
    held = on;
    if (before && !on && first != null) {
      timers.arm(turn, 0);
    }
    return before;
  }

  private void run() {
    boolean outer = hold(true);
    try {
      while (first != null) {
        WorkItem work = first;
        first = work.next;
        if (first == null) {
          last = null;
        }
        work.next = null;
        work.run();
      }
    } finally {
      held = outer;
    }
  }
}
