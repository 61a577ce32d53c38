package orrery.kernel.fs;

/** A file system in its place in the tree. */
public final class Mount {
  /** Flags of mount(2) that stick. Source: Linux {@code include/uapi/linux/mount.h}. */
  public static final int MS_RDONLY = 1;

  public static final int MS_NOSUID = 2;
  public static final int MS_NODEV = 4;
  public static final int MS_NOEXEC = 8;
  public static final int MS_NOATIME = 1024;
  public static final int MS_NODIRATIME = 2048;
  public static final int MS_RELATIME = 1 << 21;

  private final int id;
  private final FileSystem fileSystem;
  private final Directory root;
  private final String source;
  private final Mounts mounts;
  private Location place;
  private int flags;

  /** Open files and processes' folders on it. */
  private int users;

  private boolean detached;

  Mount(
      Mounts mounts,
      int id,
      FileSystem fileSystem,
      Directory root,
      String source,
      Location place,
      int flags) {
    this.mounts = mounts;
    this.id = id;
    this.fileSystem = fileSystem;
    this.root = root;
    this.source = source;
    this.place = place;
    this.flags = flags;
  }

  /** The number in mountinfo and statx. */
  public int id() {
    return id;
  }

  public FileSystem fileSystem() {
    return fileSystem;
  }

  /** What is seen at the mount's place; below the file system's root for a bind mount. */
  public Directory root() {
    return root;
  }

  public Location rootLocation() {
    return new Location(this, null, root);
  }

  /** First field of /proc/mounts. */
  public String source() {
    return source;
  }

  /** The folder it covers; null for the root of the tree. */
  public Location place() {
    return place;
  }

  void place(Location l) {
    place = l;
  }

  /** MS_ flags. */
  public int flags() {
    return flags;
  }

  void flags(int f) {
    flags = f;
  }

  public boolean isReadOnly() {
    return (flags & MS_RDONLY) != 0;
  }

  /** One more open file or process's folder on it. */
  void use() {
    users++;
  }

  /** One less; a mount that was taken out of the tree while in use ends with the last one. */
  void unuse() {
    users--;
    if (users == 0 && detached) {
      mounts.ended(this);
    }
  }

  boolean isUsed() {
    return users > 0;
  }

  void detached() {
    detached = true;
  }
}
