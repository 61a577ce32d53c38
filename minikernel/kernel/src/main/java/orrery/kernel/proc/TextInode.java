package orrery.kernel.proc;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.fs.FileSystem;
import orrery.kernel.fs.KernelInode;
import orrery.kernel.fs.OpenFile;
import orrery.kernel.wait.Caller;

/** A file of text, read-only unless it has a setting. */
public class TextInode extends KernelInode {
  private final Content content;
  private final Setting setting;

  /**
   * A file of {@code fs}.
   *
   * @param setting takes what is written; null if nothing may be
   */
  public TextInode(FileSystem fs, long number, int permissions, Content content, Setting setting) {
    super(fs, number, permissions);
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
}
