package orrery.ownership;

/**
 * A place for one owned value that comes and goes at run time. Not for several threads: a slot in a
 * {@link Shared} class names its lock.
 *
 * @param <T> an owned type
 */
@Owned(holder = true)
@Unsafe("the one field is emptied in the same step in which its value leaves")
public final class Slot<@Owned T> {
  private T value;
  private boolean lent;

  /** An empty slot. */
  public Slot() {}

  /** A slot that holds {@code value}. */
  public Slot(@Move T value) {
    put(value);
  }

  /** True if there is nothing to take. */
  public boolean isEmpty() {
    return value == null;
  }

  /**
   * Stores a value.
   *
   * @throws OwnershipException if the slot is full: the old value would be lost
   */
  public void put(@Move T newValue) {
    if (value != null) {
      throw new OwnershipException("a slot that holds " + value + " is filled again");
    }
    // SAFETY: the slot was empty, so nothing is overwritten, and becomes the one owner
    value = newValue;
  }

  /** Takes the value out; null if there is none. */
  @Nullable
  public T take() {
    requireNotLent();
    // SAFETY: the field is emptied before the value leaves
    T taken = value;
    value = null;
    return taken;
  }

  /**
   * Takes the value out of a slot that is known to be full.
   *
   * @throws OwnershipException if it is empty
   */
  public T remove() {
    requireNotLent();
    if (value == null) {
      throw new OwnershipException("an empty slot is used");
    }
    // SAFETY: the field is emptied before the value leaves
    T taken = value;
    value = null;
    return taken;
  }

  /** Stores a value and returns the one that was there; null if there was none. */
  @Nullable
  public T replace(@Move T newValue) {
    requireNotLent();
    // SAFETY: one value leaves and one enters in the same step
    T taken = value;
    value = newValue;
    return taken;
  }

  /**
   * Borrows the value.
   *
   * @throws OwnershipException if there is none
   */
  @Borrow
  public T get() {
    if (value == null) {
      throw new OwnershipException("an empty slot is used");
    }
    return value;
  }

  /** Lends the value, if there is one; it cannot be taken out meanwhile. */
  public void lend(@Now Borrower<T> user) {
    if (value == null) {
      return;
    }
    boolean outer = lent;
    lent = true;
    try {
      user.use(value);
    } finally {
      lent = outer;
    }
  }

  /**
   * Ends the slot.
   *
   * @throws OwnershipException if it still holds a value
   */
  @Move
  public void close() {
    if (value != null) {
      throw new OwnershipException("a slot is closed that still holds " + value);
    }
  }

  private void requireNotLent() {
    if (lent) {
      throw new OwnershipException(value + " is taken from its slot while it is lent");
    }
  }
}
