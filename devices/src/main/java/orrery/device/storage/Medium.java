package orrery.device.storage;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/**
 * A fixed number of bytes that outlive a machine, or not. Offsets and lengths are bytes; callers
 * keep them inside. Failures of the host are {@link IOException}s and leave the medium usable.
 */
public interface Medium extends AutoCloseable {
  /** The size in bytes. */
  long size();

  /**
   * Looks whether the host has made it longer: then it has that {@link #size} from now on, and
   * {@link #memory} is another one. It never becomes shorter.
   *
   * @return whether it has grown
   */
  default boolean grow() throws IOException {
    return false;
  }

  /** Whether writes are refused. */
  boolean isReadOnly();

  /** Reads {@code length} bytes from {@code offset} into {@code to} at {@code at}. */
  void read(long offset, MemorySegment to, long at, long length) throws IOException;

  /** Writes {@code length} bytes of {@code from} at {@code at} to {@code offset}. */
  void write(long offset, MemorySegment from, long at, long length) throws IOException;

  /** Zeros bytes that stay allocated. */
  default void zero(long offset, long length) throws IOException {
    MemorySegment zeros = Zeros.SEGMENT;
    for (long done = 0; done < length; done += zeros.byteSize()) {
      write(offset + done, zeros, 0, Math.min(zeros.byteSize(), length - done));
    }
  }

  /** Zeros bytes and, where the host can, gives their space back. */
  void discard(long offset, long length) throws IOException;

  /** Makes everything written so far survive a loss of power. */
  void flush() throws IOException;

  /** Makes what was written to this range survive a loss of power. */
  default void flush(long offset, long length) throws IOException {
    flush();
  }

  /**
   * The whole medium as memory, for those who copy straight from and to it; null if there is no
   * such view. Reading it can end in an {@link InternalError} if the host's disk fails.
   */
  default MemorySegment memory() {
    return null;
  }

  /** The power is about to fail: nothing that comes now is made durable any more. */
  default void powerFails() {}

  /**
   * The power is gone: what was not flushed is lost, as far as the medium models that.
   *
   * @param unit how many bytes, a power of two, a disk writes whole or not at all
   */
  default void losePower(int unit) {}

  /** Frees the host's resources; writes that were not flushed reach the host all the same. */
  @Override
  void close() throws IOException;
}
