package orrery.machine.cpu;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The requested {@link DeferredCall}s: any thread adds, the vCPU's thread runs them in the order of
 * their requests.
 */
public final class DeferredCalls {
  private static final VarHandle LATEST;

  static {
    try {
      LATEST =
          MethodHandles.lookup().findVarHandle(DeferredCalls.class, "latest", DeferredCall.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Runnable wake;
  private volatile DeferredCall latest;

  /**
   * Nothing requested yet.
   *
   * @param wake makes the vCPU's thread call {@link #run} soon; called on any thread
   */
  public DeferredCalls(Runnable wake) {
    this.wake = wake;
  }

  /** A call that was not requested yet. */
  public DeferredCall create(Runnable work) {
    return new DeferredCall(this, work);
  }

  void add(DeferredCall call) {
    DeferredCall before;
    do {
      before = latest;
      call.next = before;
    } while (!LATEST.compareAndSet(this, before, call));
    wake.run();
  }

  /** Whether nothing is requested. */
  boolean isEmpty() {
    return latest == null;
  }

  /** Runs what was requested. */
  public void run() {
    if (isEmpty()) {
      return;
    }
    DeferredCall newest = (DeferredCall) LATEST.getAndSet(this, null);
    DeferredCall oldest = null;
    while (newest != null) {
      DeferredCall before = newest.next;
      newest.next = oldest;
      oldest = newest;
      newest = before;
    }
    while (oldest != null) {
      // Once it runs it may be requested, and so linked, anew.
      DeferredCall following = oldest.next;
      oldest.next = null;
      oldest.run();
      oldest = following;
    }
  }
}
