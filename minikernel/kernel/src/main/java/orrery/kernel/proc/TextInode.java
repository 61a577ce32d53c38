package orrery.kernel.proc;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.abi.FileMode;
import orrery.kernel.fs.FileSystem;
import orrery.kernel.fs.Inode;
import orrery.kernel.fs.OpenFile;
import orrery.kernel.wait.Caller;

/** A file of text, read-only unless it has a setting. */
public class TextInode extends Inode {
  private final Content content;
  private final Setting setting;

  /**
   * A file of {@code fs}.
   *
   * @param setting takes what is written; null if nothing may be
   */
  public TextInode(FileSystem fs, long number, int permissions, Content content, Setting setting) {
    super(fs, number, FileMode.S_IFREG | permissions, 0, 0);
    this.content = content;
    this.setting = setting;
  }

  @Override
  public OpenFile open(Caller c, int flags) {
    return new TextFile(this, flags, content, setting);
  }

  @Override
  public void truncate(long size) {
    if (setting == null) {
      throw ErrnoException.of(Errno.EPERM);
    }
  }

  @Override
  public void changePermissions(int permissions) {
    throw ErrnoException.of(Errno.EPERM);
  }

  @Override
  public void changeOwner(int newUid, int newGid) {
    throw ErrnoException.of(Errno.EPERM);
  }
}
