package orrery.machine.bus;

/**
 * An access that nothing answers, or answers with an error: for the guest a synchronous external
 * abort. One instance without stack trace or message serves all, because guests may cause as many
 * as they like.
 */
public final class BusFault extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** The fault. */
  public static final BusFault INSTANCE = new BusFault();

  private BusFault() {
    super("no device answers", null, false, false);
  }
}
