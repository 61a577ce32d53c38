package orrery.ownership;

/**
 * A fixed number of slots: an array of owned values, as commands by their identifiers. Not for
 * several threads.
 *
 * @param <T> an owned type
 */
@Owned(holder = true)
@Unsafe("every element is emptied in the same step in which its value leaves")
public final class SlotArray<@Owned T> {
  private final Object[] values;
  private int count;

  /**
   * Empty slots.
   *
   * @param length how many, 0 or more
   */
  public SlotArray(int length) {
    values = new Object[length];
  }

  /** The number of slots. */
  public int length() {
    return values.length;
  }

  /** The number of slots that hold a value. */
  public int count() {
    return count;
  }

  /** True if nothing is in slot {@code index}. */
  public boolean isEmpty(int index) {
    return values[index] == null;
  }

  /**
   * Stores a value.
   *
   * @throws OwnershipException if the slot is full
   * @throws IndexOutOfBoundsException if there is no such slot
   */
  public void put(int index, @Move T value) {
    if (values[index] != null) {
      throw new OwnershipException("slot " + index + " is full: it holds " + values[index]);
    }
    // SAFETY: the slot was empty and becomes the one owner
    values[index] = value;
    count++;
  }

  /**
   * Takes a value out; null if there is none.
   *
   * @throws IndexOutOfBoundsException if there is no such slot
   */
  @Nullable
  @SuppressWarnings("unchecked")
  public T take(int index) {
    // SAFETY: put stores values of T only, and the slot is emptied before the value leaves
    T taken = (T) values[index];
    if (taken != null) {
      values[index] = null;
      count--;
    }
    return taken;
  }

  /**
   * Takes the value out of a slot that is known to be full.
   *
   * @throws OwnershipException if it is empty
   * @throws IndexOutOfBoundsException if there is no such slot
   */
  public T remove(int index) {
    T taken = take(index);
    if (taken == null) {
      throw new OwnershipException("slot " + index + " is empty");
    }
    return taken;
  }

  /**
   * Borrows a value.
   *
   * @throws OwnershipException if the slot is empty
   * @throws IndexOutOfBoundsException if there is no such slot
   */
  @Borrow
  @SuppressWarnings("unchecked")
  public T get(int index) {
    if (values[index] == null) {
      throw new OwnershipException("slot " + index + " is empty");
    }
    // SAFETY: put stores values of T only
    return (T) values[index];
  }

  /** Takes everything out, slot 0 first. */
  public void drain(@Now Mover<T> to) {
    for (int i = 0; i < values.length; i++) {
      T taken = take(i);
      if (taken != null) {
        to.take(taken);
      }
    }
  }

  /**
   * Ends the slots.
   *
   * @throws OwnershipException if one still holds a value
   */
  @Move
  public void close() {
    if (count != 0) {
      throw new OwnershipException("slots are closed that still hold " + count + " values");
    }
  }
}
