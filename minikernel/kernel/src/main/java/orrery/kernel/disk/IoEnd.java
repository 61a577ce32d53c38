package orrery.kernel.disk;

/** Told when a read or write that was begun has ended. */
public interface IoEnd {
  /**
   * It has ended; in any context.
   *
   * @param result bytes, or {@code -errno}
   */
  void ended(long result);
}
