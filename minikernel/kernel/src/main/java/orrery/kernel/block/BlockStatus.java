package orrery.kernel.block;

import orrery.kernel.abi.Errno;

/** How a request ended. Source of the error numbers: Linux {@code block/blk-core.c}, blk_errors. */
public enum BlockStatus {
  /** It was done. */
  OK(0),
  /** The device or its controller does not do that. */
  NOT_SUPPORTED(Errno.EOPNOTSUPP),
  /** The device did not answer in time. */
  TIMEOUT(Errno.ETIMEDOUT),
  /** A thinly provisioned device is full. */
  NO_SPACE(Errno.ENOSPC),
  /** The way to the device failed. */
  TRANSPORT(Errno.ENOLINK),
  /** The device failed as a whole. */
  TARGET(Errno.EREMOTEIO),
  /** Another host has reserved the device. */
  RESERVATION_CONFLICT(Errno.EBADE),
  /** The blocks cannot be read or written. */
  MEDIUM(Errno.ENODATA),
  /** The protection information does not fit the data. */
  PROTECTION(Errno.EILSEQ),
  /** The request itself is wrong. */
  INVALID(Errno.EINVAL),
  /** The device is gone, or going. */
  OFFLINE(Errno.ENODEV),
  /** Anything else. */
  IO_ERROR(Errno.EIO);

  private final int errno;

  BlockStatus(int errno) {
    this.errno = errno;
  }

  /** The error number that a program gets; 0 for {@link #OK}. */
  public int errno() {
    return errno;
  }
}
