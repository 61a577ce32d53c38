package orrery.kernel.device;

import orrery.ownership.MaySleep;
import orrery.ownership.Move;
import orrery.ownership.Nullable;
import orrery.ownership.OwnershipException;
import orrery.ownership.ProcessCtx;
import orrery.ownership.Slot;

/**
 * A lock that may be held while its holder waits: whoever has its one guard has the lock. A
 * program's call that finds it taken sleeps on {@link #waiters} and tries again; what waits in
 * place waits for it in place.
 */
public final class Mutex {
  /** Longer than any command of a driver may take. */
  private static final long PATIENCE_NANOS = 60_000_000_000L;

  private final String name;
  private final WaitInPlace waiting;
  private final Waiters waiters = new Waiters();
  private final Slot<MutexGuard> free = new Slot<>();

  Mutex(String name, WaitInPlace waiting) {
    this.name = name;
    this.waiting = waiting;
    free.put(new MutexGuard(this));
  }

  /** Takes the lock if it is free; null if it is not. */
  @Nullable
  public MutexGuard tryLock() {
    return free.take();
  }

  /**
   * Takes the lock.
   *
   * @throws OwnershipException if it does not become free
   */
  @MaySleep
  public MutexGuard lock(ProcessCtx ctx) {
    if (!waiting.until(this::isFree, PATIENCE_NANOS)) {
      throw new OwnershipException("mutex " + name + " is never released");
    }
    return free.remove();
  }

  /** Whether nobody holds it. */
  public boolean isFree() {
    return !free.isEmpty();
  }

  /** Wakes when the lock becomes free. */
  public Waiters waiters() {
    return waiters;
  }

  void unlock(@Move MutexGuard guard) {
    free.put(guard);
    waiters.wakeAll();
  }
}
