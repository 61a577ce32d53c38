package orrery.kernel.abi;

/**
 * Flags of open(2) and status flags of an open file. Source: Linux {@code
 * include/uapi/asm-generic/fcntl.h} with arm64's own values from {@code
 * arch/arm64/include/uapi/asm/fcntl.h}.
 */
public final class OpenFlag {
  public static final int O_RDONLY = 0;
  public static final int O_WRONLY = 1;
  public static final int O_RDWR = 2;
  public static final int O_ACCMODE = 3;
  public static final int O_CREAT = 0100;
  public static final int O_EXCL = 0200;
  public static final int O_NOCTTY = 0400;
  public static final int O_TRUNC = 01000;
  public static final int O_APPEND = 02000;
  public static final int O_NONBLOCK = 04000;
  public static final int O_DSYNC = 010000;
  public static final int FASYNC = 020000;
  public static final int O_DIRECTORY = 040000;
  public static final int O_NOFOLLOW = 0100000;
  public static final int O_DIRECT = 0200000;
  public static final int O_LARGEFILE = 0400000;
  public static final int O_NOATIME = 01000000;
  public static final int O_CLOEXEC = 02000000;
  public static final int O_SYNC = 04010000;
  public static final int O_PATH = 010000000;

  /** The bit that O_TMPFILE has beside O_DIRECTORY. */
  public static final int O_TMPFILE_BIT = 020000000;

  public static final int O_TMPFILE = O_TMPFILE_BIT | O_DIRECTORY;

  /** All that open(2) knows; openat2(2) refuses others, open(2) ignores them. */
  public static final int VALID =
      O_ACCMODE
          | O_CREAT
          | O_EXCL
          | O_NOCTTY
          | O_TRUNC
          | O_APPEND
          | O_NONBLOCK
          | FASYNC
          | O_DIRECTORY
          | O_NOFOLLOW
          | O_DIRECT
          | O_LARGEFILE
          | O_NOATIME
          | O_CLOEXEC
          | O_SYNC
          | O_PATH
          | O_TMPFILE_BIT;

  /** What F_SETFL may change. */
  public static final int SETTABLE = O_APPEND | O_NONBLOCK | FASYNC | O_DIRECT | O_NOATIME;

  /** Flags that matter at open only and are not remembered. */
  public static final int OPEN_ONLY = O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_CLOEXEC;

  /** Whether a file opened with {@code flags} may be read. */
  public static boolean readable(int flags) {
    return (flags & O_PATH) == 0 && (flags & O_ACCMODE) != O_WRONLY;
  }

  /** Whether a file opened with {@code flags} may be written. */
  public static boolean writable(int flags) {
    return (flags & O_PATH) == 0 && (flags & O_ACCMODE) != O_RDONLY;
  }

  private OpenFlag() {}
}
