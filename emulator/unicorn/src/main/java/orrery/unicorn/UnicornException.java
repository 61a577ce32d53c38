package orrery.unicorn;

/** A call into the engine failed; the message names the call and the engine's own error text. */
public sealed class UnicornException extends RuntimeException
    permits InternalsUnavailableException {
  private static final long serialVersionUID = 1;

  private final int code;

  /** {@code code} is a {@code uc_err} value. */
  public UnicornException(int code, String message) {
    super(message);
    this.code = code;
  }

  /** A failure that no engine call reported: the library is missing or is not the expected one. */
  public UnicornException(String message, Throwable cause) {
    super(message, cause);
    this.code = UnicornError.OK.code();
  }

  /** The engine's error, a {@code uc_err} value; 0 if no engine call failed. */
  public int code() {
    return code;
  }

  /** The engine's error, {@link UnicornError#OK} if no engine call failed. */
  public UnicornError error() {
    return UnicornError.of(code);
  }
}
