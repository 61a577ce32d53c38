package orrery.unicorn;

/**
 * The library works but its internals are not as {@link CpuInternals} needs them: a symbol is not
 * exported, or calibration did not find exactly one answer. {@link PublicCpu} may still work.
 */
public final class InternalsUnavailableException extends UnicornException {
  private static final long serialVersionUID = 1;

  /** {@code message} says what is missing. */
  public InternalsUnavailableException(String message) {
    super(message, null);
  }
}
