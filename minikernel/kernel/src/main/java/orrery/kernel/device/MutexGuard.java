package orrery.kernel.device;

import orrery.ownership.Guard;
import orrery.ownership.Move;
import orrery.ownership.Owned;

/** The proof that a {@link Mutex} is held; closing it releases the lock. */
@Owned
@Guard
public final class MutexGuard implements AutoCloseable {
  private final Mutex mutex;

  MutexGuard(Mutex mutex) {
    this.mutex = mutex;
  }

  /** Releases the lock. */
  @Override
  @Move
  public void close() {
    mutex.unlock(this);
  }
}
