package orrery.machine.clock;

/** Calls back at a time of the machine's monotonic clock, in nanoseconds. */
public interface Alarm extends AutoCloseable {
  /** Makes the alarm of a device, which is then called back. */
  @FunctionalInterface
  interface Maker {
    /** An alarm that calls {@code expired}. */
    Alarm make(Runnable expired);
  }

  /** Calls at {@code nanos} and forgets what it was set to before. */
  void set(long nanos);

  /** Calls at {@code nanos}, or earlier if it was set to an earlier time before. */
  void setNoLater(long nanos);

  /** Calls no more. */
  @Override
  void close();
}
