package orrery.ownership;

import java.util.concurrent.atomic.AtomicReference;

/**
 * A lock for short sections that may not sleep. {@link #lock} waits by spinning. Not reentrant:
 * taking it again on the thread that holds it is an {@link OwnershipException}, not a hang.
 */
@Shared
public final class SpinLock {
  private final AtomicReference<Thread> holder = new AtomicReference<>();

  @Unsafe("the one guard is handed out to the holder only, so it is owned once at a time")
  private final SpinGuard guard = new SpinGuard(this);

  private final String name;

  /** A free lock; {@code name} is for messages. */
  public SpinLock(String name) {
    this.name = name;
  }

  /**
   * Takes the lock; allocates nothing.
   *
   * @throws OwnershipException if this thread holds it already
   */
  @Unsafe("the guard is handed out only to the thread that has just become the holder")
  public SpinGuard lock() {
    Thread me = Thread.currentThread();
    if (holder.get() == me) {
      throw new OwnershipException("spin lock " + name + " is taken twice by " + me.getName());
    }
    while (!holder.compareAndSet(null, me)) {
      Thread.onSpinWait();
    }
    // SAFETY: the exchange made this thread the one holder, so no other guard is alive
    return guard;
  }

  /** Takes the lock if it is free; null if it is not. */
  @Unsafe("the guard is handed out only to the thread that has just become the holder")
  @Nullable
  public SpinGuard tryLock() {
    if (!holder.compareAndSet(null, Thread.currentThread())) {
      return null;
    }
    // SAFETY: the exchange made this thread the one holder, so no other guard is alive
    return guard;
  }

  void unlock() {
    if (!holder.compareAndSet(Thread.currentThread(), null)) {
      throw new OwnershipException("spin lock " + name + " is released by a thread without it");
    }
  }
}
