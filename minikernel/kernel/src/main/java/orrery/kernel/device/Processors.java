package orrery.kernel.device;

/** The processors of the machine that run the kernel, for drivers with a queue for each. */
public final class Processors {
  Processors() {}

  /** How many there are: the kernel runs on one. */
  public int count() {
    return 1;
  }

  /** The one that asks, 0 to {@link #count} - 1. */
  public int current() {
    return 0;
  }
}
