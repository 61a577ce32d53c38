package orrery.kernel.fs;

/** Real time as files are stamped with it. */
@FunctionalInterface
public interface FileClock {
  /** Nanoseconds since 1970-01-01T00:00:00Z. */
  long realtimeNanos();
}
