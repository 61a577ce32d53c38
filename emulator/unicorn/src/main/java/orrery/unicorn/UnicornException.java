package orrery.unicorn;

/** A call into the engine failed; the message names the call and the engine's own error text. */
public final class UnicornException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int code;

  /** {@code code} is a {@code uc_err} value. */
  public UnicornException(int code, String message) {
    super(message);
    this.code = code;
  }

  /** The engine's error, a {@code uc_err} value. */
  public int code() {
    return code;
  }
}
