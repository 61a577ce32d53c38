package orrery.ownership;

/**
 * Looks at an owned value for the time of a call.
 *
 * @param <T> the value's type
 */
@FunctionalInterface
public interface Borrower<@Owned T> {
  /** Uses a borrow. */
  void use(T value);
}
