package orrery.kernel.fs;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.abi.FileMode;

/** A file of the kernel's own making: it is root's, and its permissions stay as they are. */
public abstract class KernelInode extends Inode {
  /** A file of {@code fs}. */
  protected KernelInode(FileSystem fs, long number, int permissions) {
    super(fs, number, FileMode.S_IFREG | permissions, 0, 0);
  }

  @Override
  public final void changePermissions(int permissions) {
    throw ErrnoException.of(Errno.EPERM);
  }

  @Override
  public final void changeOwner(int newUid, int newGid) {
    throw ErrnoException.of(Errno.EPERM);
  }
}
