package orrery.machine.clock;

import java.time.Instant;

/**
 * The clock all parts of a machine share: machine time in nanoseconds, the generic counter derived
 * from it (ARM DDI 0487, D12) and real time. Any thread may ask; nothing allocates except a look at
 * the host's real time once a second.
 *
 * <p>Machine time is the host's monotonic time (CLOCK_MONOTONIC), because the engine's CNTVCT_EL0
 * is that time divided by 16 and both must agree.
 */
public final class MachineClock {
  /** Frequency of the generic counter, CNTFRQ_EL0, in Hz. */
  public static final int COUNTER_FREQUENCY = 62_500_000;

  /** Nanoseconds in one tick of the generic counter. */
  public static final int NANOS_PER_TICK = 16;

  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private final long startNanos = System.nanoTime();

  /** Real time minus machine time, and the machine time at which that was last measured. */
  private record Offset(long nanos, long measuredAt) {}

  private volatile Offset offset = measure();

  /** A clock that starts now. */
  public MachineClock() {}

  /** Machine time in nanoseconds, monotonic, from an arbitrary but fixed origin. */
  public long nanos() {
    return System.nanoTime();
  }

  /** Machine time at which this clock was made, i.e. the machine was switched on. */
  public long startNanos() {
    return startNanos;
  }

  /** The generic counter (CNTVCT_EL0) in ticks of 16 ns. */
  public long counter() {
    return nanos() / NANOS_PER_TICK;
  }

  /** Real time in nanoseconds since 1970-01-01T00:00:00Z; follows steps of the host's clock. */
  public long realtimeNanos() {
    Offset now = offset;
    long nanos = nanos();
    if (nanos - now.measuredAt >= NANOS_PER_SECOND) {
      now = measure();
      offset = now;
    }
    return nanos + now.nanos;
  }

  private static Offset measure() {
    Instant real = Instant.now();
    long nanos = System.nanoTime();
    return new Offset(real.getEpochSecond() * NANOS_PER_SECOND + real.getNano() - nanos, nanos);
  }
}
