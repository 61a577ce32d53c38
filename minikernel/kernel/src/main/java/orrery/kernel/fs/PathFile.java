package orrery.kernel.fs;

/** A descriptor that only names a place (O_PATH). */
final class PathFile extends OpenFile {
  PathFile(Inode inode, int flags) {
    super(inode, flags);
  }

  @Override
  public boolean isPollable() {
    return false;
  }
}
