package hw;

import orrery.ownership.MaySleep;
import orrery.ownership.Move;
import orrery.ownership.Nullable;
import orrery.ownership.OwnedList;
import orrery.ownership.Shared;
import orrery.ownership.Unsafe;
import orrery.ownership.Untrusted;

/** The device: gives back what it was lent. */
@Shared
@Unsafe("a test's stand-in on one thread")
public final class Port {
  private static final int DEPTH = 4;

  private final OwnedList<Lent> inFlight = new OwnedList<>();

  /** Hands the buffer back if the device is busy. */
  @Nullable
  public Lent submit(@Move Lent buffer) {
    if (inFlight.size() == DEPTH) {
      return buffer;
    }
    inFlight.addLast(buffer);
    return null;
  }

  @Nullable
  public Lent reap() {
    return inFlight.removeFirst();
  }

  @Untrusted
  public int length() {
    return 3;
  }

  @MaySleep
  public void reset() {
    Machine.requireMaySleep();
  }
}
