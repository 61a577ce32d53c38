package orrery.kernel.abi;

/**
 * Flags of the calls with a folder descriptor. Source: Linux {@code include/uapi/linux/fcntl.h}.
 */
public final class AtFlag {
  /** The descriptor that stands for the current folder. */
  public static final int AT_FDCWD = -100;

  public static final int AT_SYMLINK_NOFOLLOW = 0x100;

  /** faccessat2: check with the effective ids. The same bit as {@link #AT_REMOVEDIR}. */
  public static final int AT_EACCESS = 0x200;

  public static final int AT_REMOVEDIR = 0x200;
  public static final int AT_SYMLINK_FOLLOW = 0x400;
  public static final int AT_NO_AUTOMOUNT = 0x800;
  public static final int AT_EMPTY_PATH = 0x1000;

  /** statx: how fresh attributes must be; all answers here are fresh. */
  public static final int AT_STATX_SYNC_TYPE = 0x6000;

  private AtFlag() {}
}
