package orrery.ownership;

/** Turns {@link Untrusted} numbers into ones that are known to fit. */
@Unsafe("this is the check itself")
public final class Range {
  private Range() {}

  /**
   * An index below {@code length}.
   *
   * @throws OutOfRangeException if it is negative or not below {@code length}
   */
  public static int index(@Untrusted int index, int length) throws OutOfRangeException {
    return between(index, 0, length - 1);
  }

  /**
   * A length of at most {@code max}.
   *
   * @throws OutOfRangeException if it is negative or more than {@code max}
   */
  public static int length(@Untrusted int length, int max) throws OutOfRangeException {
    return between(length, 0, max);
  }

  /**
   * A number from {@code low} to {@code high}, both included.
   *
   * @throws OutOfRangeException if it is not
   */
  public static int between(@Untrusted int value, int low, int high) throws OutOfRangeException {
    if (value < low || value > high) {
      throw new OutOfRangeException(value, low, high);
    }
    return value;
  }

  /**
   * A number from {@code low} to {@code high}, both included.
   *
   * @throws OutOfRangeException if it is not
   */
  public static long between(@Untrusted long value, long low, long high)
      throws OutOfRangeException {
    if (value < low || value > high) {
      throw new OutOfRangeException(value, low, high);
    }
    return value;
  }

  /**
   * The offset of a part that lies within {@code size} bytes as a whole; never wraps.
   *
   * @param length bytes of the part
   * @throws OutOfRangeException if the part is not inside
   */
  public static long part(@Untrusted long offset, @Untrusted long length, long size)
      throws OutOfRangeException {
    long fits = between(length, 0, size);
    return between(offset, 0, size - fits);
  }
}
