package orrery.kernel.wait;

/**
 * Those who wait for something to change, in order of arrival: an intrusive list, so that waiting
 * and waking allocate nothing.
 */
public final class WaitQueue {
  private Waiter first;
  private Waiter last;

  /** True if nobody waits. */
  public boolean isEmpty() {
    return first == null;
  }

  /** Wakes everybody; each decides for itself whether what it waited for has come. */
  public void wakeAll() {
    Waiter w = first;
    while (w != null) {
      Waiter next = w.next; // woken() may unlink w itself, never another
      w.woken();
      w = next;
    }
  }

  /** Wakes the one that has waited longest and is not already on its way; returns false if none. */
  public boolean wakeOne() {
    for (Waiter w = first; w != null; w = w.next) {
      if (w.woken()) {
        return true;
      }
    }
    return false;
  }

  void append(Waiter w) {
    w.queue = this;
    w.previous = last;
    w.next = null;
    if (last == null) {
      first = w;
    } else {
      last.next = w;
    }
    last = w;
  }

  void unlink(Waiter w) {
    if (w.previous == null) {
      first = w.next;
    } else {
      w.previous.next = w.next;
    }
    if (w.next == null) {
      last = w.previous;
    } else {
      w.next.previous = w.previous;
    }
    w.queue = null;
    w.previous = null;
    w.next = null;
  }
}
