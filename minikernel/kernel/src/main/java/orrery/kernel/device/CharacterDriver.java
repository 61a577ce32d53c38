package orrery.kernel.device;

import orrery.kernel.abi.Errno;
import orrery.ownership.Owned;

/** A bound driver with character devices that programs read and write ({@link Device#publish}). */
@Owned
public interface CharacterDriver extends BoundDriver {
  /**
   * read(2): puts bytes into the transfer.
   *
   * @return the number of bytes, {@code -errno}, or what {@link Transfer#sleepOn} returned
   */
  long read(Transfer transfer);

  /** write(2), as {@link #read}. */
  default long write(Transfer transfer) {
    return -Errno.EINVAL;
  }

  /** Whether a read would not sleep. */
  boolean isReadable();

  /** Whether a write would not sleep. */
  default boolean isWritable() {
    return true;
  }

  /** Wakes when {@link #isReadable} or {@link #isWritable} may have changed. */
  Waiters changes();
}
