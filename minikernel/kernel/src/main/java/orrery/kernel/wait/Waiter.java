package orrery.kernel.wait;

/** A place in at most one {@link WaitQueue}. */
public abstract class Waiter {
  WaitQueue queue;
  Waiter next;
  Waiter previous;

  /**
   * What was waited for may have come. May leave the queue itself, but must not take others from
   * it.
   *
   * @return true if this wake-up was of use: false if the waiter was on its way already
   */
  protected abstract boolean woken();

  /** Joins the end of {@code q}, leaving the queue it was in. */
  public final void join(WaitQueue q) {
    leave();
    q.append(this);
  }

  /** Leaves its queue, if it is in one. */
  public final void leave() {
    if (queue != null) {
      queue.unlink(this);
    }
  }

  public final boolean isWaiting() {
    return queue != null;
  }
}
