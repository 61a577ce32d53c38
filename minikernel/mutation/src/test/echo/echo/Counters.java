package echo;

import orrery.ownership.Shared;
import orrery.ownership.SpinGuard;
import orrery.ownership.SpinLock;

/** Statistics that interrupts and threads share. */
@Shared
public final class Counters {
  private final SpinLock lock = new SpinLock("counters");

  @Shared("lock")
  private int received;

  @Shared("lock")
  private int rejected;

  public Counters() {}

  /** One more came back. */
  public void countReceived() {
    try (SpinGuard guard = lock.lock()) {
      received++;
    }
  }

  /** One more was refused. */
  public void countRejected() {
    try (SpinGuard guard = lock.lock()) {
      rejected++;
    }
  }

  /** All that were tried. */
  public int sum() {
    try (SpinGuard guard = lock.lock()) {
      return received + rejected;
    }
  }
}
