package orrery.ownership;

/**
 * The proof that code runs in process context, where it may sleep. Probe routines, work items and
 * system calls get it as a borrow; an interrupt handler has none to pass on. Only the kernel's
 * entries of such code make one.
 */
@Owned
public final class ProcessCtx {
  @Unsafe("carries no state: nothing is lost if nobody ends it")
  private static final ProcessCtx TOKEN = new ProcessCtx();

  private ProcessCtx() {}

  /** Enters process context; allocates nothing. */
  @UnsafeCall("no interrupt is being handled and no spin lock is held")
  @Unsafe("the token carries no state, so one object serves every entry")
  public static ProcessCtx enter() {
    // SAFETY: the caller answers for the context; the token itself has nothing to own
    return TOKEN;
  }

  /** Leaves process context. */
  @Move
  public void leave() {}
}
