package orrery.ownership;

/**
 * The run-time guard of an owned value: knows whether it is alive and tells the {@link Census}. A
 * subclass checks with {@link #requireLive} in its operations and calls {@link #retire} in those
 * that consume it. An object may be used again for a new value ({@link #revive}); who kept the old
 * value's {@link #generation} is found out by {@link #requireGeneration}.
 *
 * <p>One thread at a time. Only a census that keeps birth places allocates.
 */
@Owned
@Unsafe("the census keeps borrows of live handles only, and forgets each in retire")
public abstract class Handle {
  private final Census census;

  /** Odd while alive. */
  private int generation;

  // maintained by the census
  Handle previous;
  Handle next;
  long serial;
  StackTraceElement birthPlace;

  /** A live handle. */
  @SuppressWarnings("this-escape") // the census touches its own fields only
  protected Handle(Census census) {
    this.census = census;
    begin();
  }

  /** True until it is consumed. */
  protected final boolean isLive() {
    return (generation & 1) != 0;
  }

  /** Changes with every birth and death of this object's values. */
  protected final int generation() {
    return generation;
  }

  /**
   * Checks that the value was not consumed.
   *
   * @throws OwnershipException if it was
   */
  protected final void requireLive() {
    if ((generation & 1) == 0) {
      throw dead();
    }
  }

  /**
   * Checks that this is still the value whose generation was kept.
   *
   * @throws OwnershipException if it was consumed since, even if the object has a new value
   */
  protected final void requireGeneration(int expected) {
    if (generation != expected) {
      throw dead();
    }
  }

  /**
   * The value is consumed.
   *
   * @throws OwnershipException if it was already
   */
  protected final void retire() {
    requireLive();
    generation++;
    // SAFETY: the census drops its borrow
    census.forget(this);
  }

  /**
   * The object gets a new value.
   *
   * @throws OwnershipException if the old one is alive
   */
  protected final void revive() {
    if (isLive()) {
      throw new OwnershipException(describe() + " is made anew while it is alive");
    }
    begin();
  }

  private void begin() {
    generation++;
    // SAFETY: the census's borrow ends in retire, before the value does
    census.enter(this);
  }

  private OwnershipException dead() {
    return new OwnershipException(describe() + " is used after it was consumed");
  }

  /** What this is, for messages: the name by which its owner knows the type. */
  protected String typeName() {
    return getClass().getSimpleName();
  }

  /** What and which this is, for messages. */
  final String describe() {
    return typeName() + " #" + serial + (birthPlace == null ? "" : " of " + birthPlace);
  }
}
