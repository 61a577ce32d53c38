package orrery.kernel.abi;

/** File types and permissions. Source: Linux {@code include/uapi/linux/stat.h}. */
public final class FileMode {
  public static final int S_IFMT = 0170000;
  public static final int S_IFSOCK = 0140000;
  public static final int S_IFLNK = 0120000;
  public static final int S_IFREG = 0100000;
  public static final int S_IFBLK = 0060000;
  public static final int S_IFDIR = 0040000;
  public static final int S_IFCHR = 0020000;
  public static final int S_IFIFO = 0010000;

  public static final int S_ISUID = 04000;
  public static final int S_ISGID = 02000;
  public static final int S_ISVTX = 01000;

  /** The group's execute bit, which with S_ISGID makes a set-group-id program. */
  public static final int S_IXGRP = 0010;

  /** Everybody's execute bits. */
  public static final int S_IXUGO = 0111;

  /** The permission bits with set-id and sticky bits. */
  public static final int PERMISSIONS = 07777;

  /** Access wanted of a file: as in access(2) and in one permission triplet. */
  public static final int MAY_EXEC = 1;

  public static final int MAY_WRITE = 2;
  public static final int MAY_READ = 4;

  /** The type in getdents64 ({@code DT_*}) of a file whose mode is {@code mode}. */
  public static int directoryType(int mode) {
    return (mode & S_IFMT) >> 12;
  }

  private FileMode() {}
}
