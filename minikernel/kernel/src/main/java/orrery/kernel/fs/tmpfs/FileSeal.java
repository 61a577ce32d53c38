package orrery.kernel.fs.tmpfs;

/** Seals of memfd_create(2)'s files. Source: Linux {@code include/uapi/linux/fcntl.h}. */
public final class FileSeal {
  public static final int F_SEAL_SEAL = 1;
  public static final int F_SEAL_SHRINK = 2;
  public static final int F_SEAL_GROW = 4;
  public static final int F_SEAL_WRITE = 8;
  public static final int F_SEAL_FUTURE_WRITE = 16;
  public static final int F_SEAL_EXEC = 32;

  /** All there are. */
  public static final int ALL = 63;

  private FileSeal() {}
}
