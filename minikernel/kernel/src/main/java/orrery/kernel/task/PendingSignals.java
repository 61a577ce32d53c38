package orrery.kernel.task;

import orrery.kernel.abi.SigInfo;
import orrery.kernel.abi.Signal;

/**
 * The signals that wait for one thread or for one process: at most one instance of each standard
 * signal, every instance of a real-time signal in order of arrival. Lower numbers come first, and
 * those that an instruction caused before all others.
 */
public final class PendingSignals {
  private long set;
  private SignalInfo first;
  private SignalInfo last;

  /** The signals of which at least one instance waits. */
  public long set() {
    return set;
  }

  /**
   * Adds an instance.
   *
   * @param quota lends the place in the queue
   * @param limit how many instances may wait in all
   * @param numberOnly whether without a place in the queue at least the number is to be remembered
   * @return false if the instance was lost for want of room
   */
  boolean add(SignalInfo info, SignalQuota quota, long limit, boolean numberOnly) {
    int signal = info.signal();
    if (signal < Signal.SIGRTMIN && Signal.in(set, signal)) {
      return true;
    }
    SignalInfo queued = quota.take(limit);
    if (queued != null) {
      append(queued.set(info));
      return true;
    }
    if (numberOnly) {
      set |= Signal.bit(signal);
    }
    return numberOnly;
  }

  /** Adds an instance that is its sender's own and in no queue now; it counts against no limit. */
  void addOwned(SignalInfo info) {
    append(info);
  }

  private void append(SignalInfo info) {
    set |= Signal.bit(info.signal());
    info.next = null;
    if (last == null) {
      first = info;
    } else {
      last.next = info;
    }
    last = info;
  }

  /**
   * Takes the next instance of a signal outside {@code blocked}.
   *
   * @param info receives the instance
   * @return its number, 0 if there is none
   */
  int take(long blocked, SignalInfo info) {
    long ready = set & ~blocked;
    if (ready == 0) {
      return 0;
    }
    if ((ready & Signal.SYNCHRONOUS) != 0) {
      ready &= Signal.SYNCHRONOUS;
    }
    int signal = Long.numberOfTrailingZeros(ready) + 1;
    SignalInfo before = null;
    SignalInfo q = first;
    while (q != null && q.signal() != signal) {
      before = q;
      q = q.next;
    }
    if (q == null) {
      // it found no room when it was sent: all that is known is its number
      set &= ~Signal.bit(signal);
      info.from(signal, SigInfo.SI_USER, 0, 0);
      return signal;
    }
    SignalInfo after = q.next;
    unlink(before, q);
    info.set(q);
    while (after != null && after.signal() != signal) {
      after = after.next;
    }
    if (after == null) {
      set &= ~Signal.bit(signal);
    }
    return signal;
  }

  /** Forgets every instance of the signals in {@code signals}. */
  void discard(long signals) {
    if ((set & signals) == 0) {
      return;
    }
    set &= ~signals;
    SignalInfo before = null;
    for (SignalInfo q = first; q != null; ) {
      SignalInfo next = q.next;
      if (Signal.in(signals, q.signal())) {
        unlink(before, q);
      } else {
        before = q;
      }
      q = next;
    }
  }

  /** Takes back an instance added by {@link #addOwned}, if it still waits here. */
  void withdraw(SignalInfo owned) {
    SignalInfo before = null;
    boolean others = false;
    boolean found = false;
    for (SignalInfo q = first; q != null; ) {
      SignalInfo next = q.next;
      if (q == owned) {
        unlink(before, q);
        found = true;
      } else {
        others |= q.signal() == owned.signal();
        before = q;
      }
      q = next;
    }
    if (found && !others) {
      set &= ~Signal.bit(owned.signal());
    }
  }

  private void unlink(SignalInfo before, SignalInfo q) {
    if (before == null) {
      first = q.next;
    } else {
      before.next = q.next;
    }
    if (last == q) {
      last = before;
    }
    q.next = null;
    if (q.timer != null) {
      q.timer.dequeued();
    } else if (q.quota != null) {
      q.quota.giveBack(q);
    }
  }
}
