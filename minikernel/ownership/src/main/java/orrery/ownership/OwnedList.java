package orrery.ownership;

/**
 * A queue of owned values. Being in the list is owned by the list: a value is in one list at most,
 * and leaves it only through it. Not for several threads.
 *
 * @param <T> an owned type
 */
@Owned(holder = true)
@Unsafe("an element is emptied in the same step in which its value leaves")
public final class OwnedList<@Owned T> {
  private static final int FIRST_CAPACITY = 8;

  private Object[] values = new Object[FIRST_CAPACITY];
  private int head;
  private int size;
  private boolean lent;

  /** An empty list. */
  public OwnedList() {}

  /** The number of values. */
  public int size() {
    return size;
  }

  /** True if there is nothing to take. */
  public boolean isEmpty() {
    return size == 0;
  }

  /** Appends a value; allocates only when the list grows beyond its largest size so far. */
  public void addLast(@Move T value) {
    requireNotLent();
    if (value == null) {
      throw new NullPointerException("an owned list holds no nulls");
    }
    if (size == values.length) {
      grow();
    }
    // SAFETY: the place is free and becomes the one owner
    values[head + size & values.length - 1] = value;
    size++;
  }

  /** Takes the first value out; null if there is none. */
  @Nullable
  @SuppressWarnings("unchecked")
  public T removeFirst() {
    requireNotLent();
    if (size == 0) {
      return null;
    }
    // SAFETY: addLast stores values of T only, and the place is emptied before the value leaves
    T taken = (T) values[head];
    values[head] = null;
    head = head + 1 & values.length - 1;
    size--;
    return taken;
  }

  /**
   * Borrows the first value.
   *
   * @throws OwnershipException if there is none
   */
  @Borrow
  @SuppressWarnings("unchecked")
  public T first() {
    if (size == 0) {
      throw new OwnershipException("the first value of an empty list is used");
    }
    // SAFETY: addLast stores values of T only
    return (T) values[head];
  }

  /** Lends each value in turn; the list cannot change meanwhile. */
  @SuppressWarnings("unchecked")
  public void forEach(@Now Borrower<T> user) {
    boolean outer = lent;
    lent = true;
    try {
      for (int i = 0; i < size; i++) {
        // SAFETY: addLast stores values of T only
        user.use((T) values[head + i & values.length - 1]);
      }
    } finally {
      lent = outer;
    }
  }

  /** Takes everything out, first value first. */
  public void drain(@Now Mover<T> to) {
    for (T taken = removeFirst(); taken != null; taken = removeFirst()) {
      to.take(taken);
    }
  }

  /**
   * Ends the list.
   *
   * @throws OwnershipException if it still holds a value
   */
  @Move
  public void close() {
    if (size != 0) {
      throw new OwnershipException("a list is closed that still holds " + size + " values");
    }
  }

  private void grow() {
    Object[] larger = new Object[values.length * 2];
    for (int i = 0; i < size; i++) {
      larger[i] = values[head + i & values.length - 1];
    }
    values = larger;
    head = 0;
  }

  private void requireNotLent() {
    if (lent) {
      throw new OwnershipException("a list is changed while its values are lent");
    }
  }
}
