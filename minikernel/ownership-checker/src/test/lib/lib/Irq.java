package lib;

import orrery.ownership.IrqCtx;
import orrery.ownership.Move;
import orrery.ownership.Owned;
import orrery.ownership.Sendable;

/** Interrupts. */
public final class Irq {
  private Irq() {}

  /** Runs in interrupt context. */
  @Sendable
  @FunctionalInterface
  public interface Handler {
    void handle(IrqCtx context);
  }

  /** A handler's registration. */
  @Owned
  public static final class Registration {
    private Registration() {}

    @Move
    public void release() {}
  }

  public static Registration request(int line, Handler handler) {
    return new Registration();
  }
}
