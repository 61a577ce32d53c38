package orrery.kernel.fs.tmpfs;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;

/**
 * Options of a tmpfs mount: size, nr_blocks, nr_inodes, mode. Source: Linux {@code
 * Documentation/filesystems/tmpfs.rst}.
 */
public final class TmpfsOptions {
  /** Bounded by memory only. */
  public static final TmpfsOptions UNBOUNDED = new TmpfsOptions();

  private static final int PAGE_SHIFT = 12;
  private static final int PERCENT = 100;

  private String text = "";
  private long bytes = -1;
  private long percent = -1;
  private long inodes = -1;
  private int mode = -1;

  private TmpfsOptions() {}

  /** Understands {@code data}, comma-separated; EINVAL if it is wrong. */
  public static TmpfsOptions parse(String data) {
    TmpfsOptions o = new TmpfsOptions();
    o.percent = PERCENT / 2;
    for (String option : data.split(",")) {
      int equals = option.indexOf('=');
      String key = equals < 0 ? option : option.substring(0, equals);
      String value = equals < 0 ? "" : option.substring(equals + 1);
      o.set(key, value);
    }
    o.text = data.isEmpty() ? "" : "," + data;
    return o;
  }

  private void set(String key, String value) {
    switch (key) {
      case "" -> {}
      case "size" -> {
        if (value.endsWith("%")) {
          percent = number(value.substring(0, value.length() - 1));
        } else {
          bytes = number(value);
        }
      }
      case "nr_blocks" -> bytes = number(value) << PAGE_SHIFT;
      case "nr_inodes" -> inodes = number(value);
      case "mode" -> mode = octal(value);
      case "uid", "gid", "huge", "mpol", "inode32", "inode64" -> {
        // accepted, without effect here
      }
      default -> throw ErrnoException.of(Errno.EINVAL);
    }
  }

  private static int octal(String s) {
    try {
      return Integer.parseInt(s, 8) & 07777;
    } catch (NumberFormatException e) {
      throw ErrnoException.of(Errno.EINVAL);
    }
  }

  private static long number(String s) {
    int shift = 0;
    String digits = s;
    if (!s.isEmpty()) {
      shift = " kmg".indexOf(Character.toLowerCase(s.charAt(s.length() - 1)));
      if (shift > 0) {
        digits = s.substring(0, s.length() - 1);
      }
    }
    try {
      long n = Long.parseLong(digits);
      if (n < 0 || n > Long.MAX_VALUE >> 40) {
        throw ErrnoException.of(Errno.EINVAL);
      }
      return n << 10 * Math.max(shift, 0);
    } catch (NumberFormatException e) {
      throw ErrnoException.of(Errno.EINVAL);
    }
  }

  String text() {
    return text;
  }

  int mode(int byDefault) {
    return mode >= 0 ? mode : this == UNBOUNDED ? byDefault : 01777;
  }

  /** Pages that files may have. */
  long pages(long totalFrames) {
    if (bytes > 0) {
      return bytes + (1 << PAGE_SHIFT) - 1 >> PAGE_SHIFT;
    }
    return percent < 0 || bytes == 0
        ? totalFrames
        : totalFrames * Math.min(percent, PERCENT) / PERCENT;
  }

  /** Inodes that there may be: at most one for every two frames. */
  long inodes(long totalFrames) {
    long most = Math.max(totalFrames / 2, 1024);
    return inodes > 0 ? Math.min(inodes, most) : most;
  }
}
