package orrery.ownership;

/**
 * A number that a device or a program chose is outside of what it may be. Checked, so that a driver
 * says what it does about it; without a stack trace, so that a hostile device cannot make the
 * kernel slow.
 */
public final class OutOfRangeException extends Exception {
  private static final long serialVersionUID = 1;

  OutOfRangeException(long value, long low, long high) {
    super(value + " is not in " + low + ".." + high, null, false, false);
  }
}
