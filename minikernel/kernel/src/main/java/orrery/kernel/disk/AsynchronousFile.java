package orrery.kernel.disk;

import orrery.kernel.memory.IoBuffer;
import orrery.kernel.wait.Caller;

/** A file whose reads and writes can go on while its program does something else. */
public interface AsynchronousFile {
  /** {@link #begin}: the transfer was begun, its end is told. */
  long BEGUN = Long.MIN_VALUE + 1;

  /**
   * Begins a read or write.
   *
   * @param c the thread that asks
   * @param io the program's memory; it is not needed any more when this returns
   * @param offset bytes from the file's start
   * @param safe whether a write is to be safe from a loss of power when it ends
   * @param end told of the end unless this returns a result
   * @return {@link #BEGUN}, or the result: bytes or {@code -errno}
   */
  long begin(Caller c, IoBuffer io, long offset, boolean writing, boolean safe, IoEnd end);

  /** Holds back what is begun until {@link #unplug}, so that it can be merged. */
  void plug();

  /** Ends a {@link #plug}. */
  void unplug();

  /** fsync(2), waited for in place: 0 or {@code -errno}. */
  long syncInPlace();

  /** Looks whether something has ended. */
  void look();
}
