package hw;

import orrery.ownership.Census;
import orrery.ownership.Unsafe;

/** What the stand-in hardware shares: the census, and whether code may sleep. */
@Unsafe("a test's stand-in for the machine, on one thread")
public final class Machine {
  public static final Census CENSUS = Census.withBirthPlaces();

  private static int atomic;

  private Machine() {}

  public static void enterAtomic() {
    atomic++;
  }

  public static void leaveAtomic() {
    atomic--;
  }

  public static void requireMaySleep() {
    if (atomic != 0) {
      throw new IllegalStateException("sleep in atomic context");
    }
  }
}
