package lib;

/** What a device call may fail with. */
public final class IoError extends Exception {
  private static final long serialVersionUID = 1;

  public IoError(String message) {
    super(message);
  }
}
