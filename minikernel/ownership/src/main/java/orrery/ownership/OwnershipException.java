package orrery.ownership;

/**
 * The run-time guard found what the checker could not see: a dead handle was used, a full slot
 * filled, a lock taken twice. Always a bug of the code that holds the value.
 */
public final class OwnershipException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  /** One line that names the value and what is wrong. */
  public OwnershipException(String message) {
    super(message);
  }
}
