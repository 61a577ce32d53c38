package orrery.kernel.syscall;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.memory.AddressSpace;
import orrery.kernel.wait.Caller;

/**
 * {@code struct timespec} and {@code struct timeval} in a program's memory, as nanoseconds here.
 */
final class TimeSpec {
  /** Size of either structure in bytes. */
  static final int SIZE = 16;

  static final long NANOS_PER_SECOND = 1_000_000_000;

  private static final int FRACTION = 8;
  private static final long MICROS_PER_SECOND = 1_000_000;
  private static final long NANOS_PER_MICRO = 1000;

  /** Longer times are as good as for ever. */
  private static final long MOST_SECONDS = Long.MAX_VALUE / NANOS_PER_SECOND - 1;

  private TimeSpec() {}

  /**
   * Reads a timespec, in nanoseconds; {@link Caller#NEVER} if it is longer than a {@code long} can
   * count. Throws EFAULT and EINVAL.
   */
  static long read(AddressSpace m, long address) {
    return nanos(m.readLong(address), m.readLong(address + FRACTION), NANOS_PER_SECOND);
  }

  /** As {@link #read}, of a timeval. */
  static long readTimeVal(AddressSpace m, long address) {
    return nanos(m.readLong(address), m.readLong(address + FRACTION), MICROS_PER_SECOND);
  }

  private static long nanos(long seconds, long fraction, long perSecond) {
    if (seconds < 0 || fraction < 0 || fraction >= perSecond) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    if (seconds > MOST_SECONDS) {
      return Caller.NEVER;
    }
    return seconds * NANOS_PER_SECOND + fraction * (NANOS_PER_SECOND / perSecond);
  }

  /** Writes {@code nanos} as a timespec; throws EFAULT. */
  static void write(AddressSpace m, long address, long nanos) {
    m.writeLong(address, nanos / NANOS_PER_SECOND);
    m.writeLong(address + FRACTION, nanos % NANOS_PER_SECOND);
  }

  /** Writes {@code nanos} as a timeval; throws EFAULT. */
  static void writeTimeVal(AddressSpace m, long address, long nanos) {
    m.writeLong(address, nanos / NANOS_PER_SECOND);
    m.writeLong(address + FRACTION, nanos % NANOS_PER_SECOND / NANOS_PER_MICRO);
  }

  /** {@code from + nanos}, {@link Caller#NEVER} if that is beyond what can be counted. */
  static long after(long from, long nanos) {
    long sum = from + nanos;
    return sum < from ? Caller.NEVER : sum;
  }
}
