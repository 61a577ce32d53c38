package orrery.ownership;

/** The proof that a {@link SpinLock} is held; closing it releases the lock. */
@Owned
@Guard
@Atomic
public final class SpinGuard implements AutoCloseable {
  private final SpinLock lock;

  SpinGuard(SpinLock lock) {
    this.lock = lock;
  }

  /** Releases the lock. */
  @Override
  @Move
  public void close() {
    lock.unlock();
  }
}
