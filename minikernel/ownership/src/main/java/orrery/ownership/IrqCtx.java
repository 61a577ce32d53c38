package orrery.ownership;

/**
 * The proof that code runs in interrupt context. Interrupt handlers get it as a borrow; nothing
 * that may sleep can be called while it is at hand. Only the kernel's interrupt entry makes one.
 */
@Owned
@Atomic
public final class IrqCtx {
  @Unsafe("carries no state: nothing is lost if nobody ends it")
  private static final IrqCtx TOKEN = new IrqCtx();

  private IrqCtx() {}

  /** Enters interrupt context; allocates nothing. */
  @UnsafeCall("the CPU has just taken an interrupt, and the token is left before it returns")
  @Unsafe("the token carries no state, so one object serves every entry")
  public static IrqCtx enter() {
    // SAFETY: the caller answers for the context; the token itself has nothing to own
    return TOKEN;
  }

  /** Leaves interrupt context. */
  @Move
  public void leave() {}
}
