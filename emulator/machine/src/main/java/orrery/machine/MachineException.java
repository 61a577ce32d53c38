package orrery.machine;

/** The machine cannot be built or cannot go on; the message is one line that says what to do. */
public final class MachineException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** A failure that has no other failure as its cause. */
  public MachineException(String message) {
    super(message);
  }

  /** A failure that {@code cause} led to. */
  public MachineException(String message, Throwable cause) {
    super(message, cause);
  }
}
