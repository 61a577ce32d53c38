package orrery.kernel.fs;

/**
 * What paths mean to a process: its root, its current folder and its umask (Linux: fs_struct);
 * shared with CLONE_FS.
 */
public final class FileSystemContext {
  private Location root;
  private Location current;
  private int umask;
  private int users = 1;

  /**
   * @param umask the permission bits that new files do not get
   */
  public FileSystemContext(Location root, Location current, int umask) {
    this.root = root;
    this.current = current;
    this.umask = umask;
    root.mount().use();
    current.mount().use();
  }

  /** One more user (CLONE_FS). */
  public FileSystemContext share() {
    users++;
    return this;
  }

  public boolean isShared() {
    return users > 1;
  }

  /** A context of its own that starts the same (fork). */
  public FileSystemContext copy() {
    return new FileSystemContext(root, current, umask);
  }

  public void release() {
    if (--users == 0) {
      root.mount().unuse();
      current.mount().unuse();
    }
  }

  public Location root() {
    return root;
  }

  /** chroot: "/" and ".." go no higher than this from now on. */
  public void root(Location l) {
    l.mount().use();
    root.mount().unuse();
    root = l;
  }

  public Location current() {
    return current;
  }

  public void current(Location l) {
    l.mount().use();
    current.mount().unuse();
    current = l;
  }

  public int umask() {
    return umask;
  }

  public void umask(int mask) {
    umask = mask & 0777;
  }
}
