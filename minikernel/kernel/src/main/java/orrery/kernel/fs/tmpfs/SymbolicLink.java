package orrery.kernel.fs.tmpfs;

import orrery.kernel.abi.ErrnoException;
import orrery.kernel.abi.FileMode;
import orrery.kernel.fs.Inode;
import orrery.kernel.wait.Caller;

/** A symbolic link of a tmpfs. */
final class SymbolicLink extends Inode {
  private static final int ALL = 0777;

  private final Tmpfs fs;
  private final String target;

  private SymbolicLink(Tmpfs fs, long number, String target, int uid, int gid) {
    super(fs, number, FileMode.S_IFLNK | ALL, uid, gid);
    this.fs = fs;
    this.target = target;
  }

  static SymbolicLink make(Tmpfs fs, String target, int uid, int gid) {
    fs.budget().take(target.length());
    try {
      return new SymbolicLink(fs, fs.newInode(), target, uid, gid);
    } catch (ErrnoException e) {
      fs.budget().give(target.length());
      throw e;
    }
  }

  @Override
  public long size() {
    return target.length();
  }

  @Override
  public String readLink(Caller c) {
    return target;
  }

  @Override
  protected void evicted() {
    fs.budget().give(target.length());
    fs.inodeGone();
  }
}
