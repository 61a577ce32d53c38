package orrery.kernel.fs;

/**
 * Where a file was found (Linux: struct path).
 *
 * @param mount the mount it is on
 * @param entry its name; null at the mount's root and for files that have no name
 * @param inode the file
 */
public record Location(Mount mount, Entry entry, Inode inode) {
  /** The file as a folder; only if {@link Inode#isDirectory}. */
  public Directory directory() {
    return (Directory) inode;
  }

  /** Whether both are the same place: the same file on the same mount. */
  public boolean same(Location other) {
    return mount == other.mount && inode == other.inode;
  }
}
