package orrery.machine.cpu;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Work for the vCPU's thread that any thread may request, as often as it likes: it runs once soon
 * after the last request, between two instructions of the guest. Requesting allocates nothing.
 */
public final class DeferredCall {
  private static final VarHandle REQUESTED;

  static {
    try {
      REQUESTED =
          MethodHandles.lookup().findVarHandle(DeferredCall.class, "requested", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final DeferredCalls calls;
  private final Runnable work;
  private volatile boolean requested;

  /** The call requested before this one; belongs to {@link DeferredCalls}. */
  DeferredCall next;

  DeferredCall(DeferredCalls calls, Runnable work) {
    this.calls = calls;
    this.work = work;
  }

  /** Has the work done soon; what this thread did before is seen by it. */
  public void request() {
    if (REQUESTED.compareAndSet(this, false, true)) {
      calls.add(this);
    }
  }

  /** From here on a request means one more run. */
  void run() {
    requested = false;
    work.run();
  }
}
