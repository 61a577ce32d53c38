package orrery.kernel.fs;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;

/**
 * How much of the kernel's own memory (the Java heap) something that programs can make grow may
 * take: names, inodes, page indexes, links, attributes, locks. Beyond it they get an error, never
 * the JVM an OutOfMemoryError.
 */
public final class Budget {
  private final long limit;
  private final int errno;
  private long used;

  /**
   * @param limit estimated bytes
   * @param errno what fails when they are used up
   */
  public Budget(long limit, int errno) {
    this.limit = limit;
    this.errno = errno;
  }

  /** A budget of {@code limit} bytes that ends in ENOSPC. */
  public static Budget space(long limit) {
    return new Budget(limit, Errno.ENOSPC);
  }

  /** Takes {@code bytes} or throws. */
  public void take(long bytes) {
    if (bytes > limit - used) {
      throw ErrnoException.of(errno);
    }
    used += bytes;
  }

  /** Takes {@code bytes} if there are so many. */
  public boolean tryTake(long bytes) {
    if (bytes > limit - used) {
      return false;
    }
    used += bytes;
    return true;
  }

  /** Takes {@code bytes} even beyond the limit; for little things that must not fail. */
  public void force(long bytes) {
    used += bytes;
  }

  public void give(long bytes) {
    used -= bytes;
  }

  /** Bytes taken. */
  public long used() {
    return used;
  }

  public long limit() {
    return limit;
  }
}
