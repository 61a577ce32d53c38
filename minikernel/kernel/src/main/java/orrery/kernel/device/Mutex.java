package orrery.kernel.device;

import orrery.ownership.MaySleep;
import orrery.ownership.OwnershipException;
import orrery.ownership.ProcessCtx;
import orrery.ownership.Shared;
import orrery.ownership.Unsafe;

/**
 * A lock that may be held while its holder waits. A program's call that finds it taken sleeps on
 * {@link #waiters} and tries again; what waits in place waits for it in place.
 */
@Shared
public final class Mutex {
  /** Longer than any command of a driver may take. */
  private static final long PATIENCE_NANOS = 60_000_000_000L;

  private final String name;
  private final WaitInPlace waiting;
  private final Waiters waiters = new Waiters();
  private final MutexGuard guard = new MutexGuard(this);
  private volatile boolean held;

  Mutex(String name, WaitInPlace waiting) {
    this.name = name;
    this.waiting = waiting;
  }

  /** Takes the lock if it is free; null if it is not. */
  @Unsafe("the guard is handed out only while it is nobody's")
  public MutexGuard tryLock() {
    if (held) {
      return null;
    }
    held = true;
    // SAFETY: the lock was free, so no other guard is alive
    return guard;
  }

  /**
   * Takes the lock.
   *
   * @throws OwnershipException if it does not become free
   */
  @MaySleep
  public MutexGuard lock(ProcessCtx ctx) {
    if (!waiting.until(() -> !held, PATIENCE_NANOS)) {
      throw new OwnershipException("mutex " + name + " is never released");
    }
    return tryLock();
  }

  /** Wakes when the lock becomes free. */
  public Waiters waiters() {
    return waiters;
  }

  void unlock() {
    if (!held) {
      throw new OwnershipException("mutex " + name + " is released by one who has not got it");
    }
    held = false;
    waiters.wakeAll();
  }
}
