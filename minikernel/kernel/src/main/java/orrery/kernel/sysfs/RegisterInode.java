package orrery.kernel.sysfs;

import orrery.kernel.abi.Errno;
import orrery.kernel.fs.FileSystem;
import orrery.kernel.fs.Inode;
import orrery.kernel.fs.KernelInode;
import orrery.kernel.fs.OpenFile;
import orrery.kernel.hw.pci.PciFunction;
import orrery.kernel.hw.pci.RegisterPages;
import orrery.kernel.memory.IoBuffer;
import orrery.kernel.memory.PageSource;
import orrery.kernel.wait.Caller;

/**
 * The file {@code resource0} and its like: registers, to be mapped by the super-user. As in Linux
 * memory space can be neither read nor written through the file itself.
 */
final class RegisterInode extends KernelInode {
  private static final int OWNER_ONLY = 0600;

  private final RegisterPages pages;

  RegisterInode(FileSystem fs, long number, PciFunction function, int bar) {
    super(fs, number, OWNER_ONLY);
    pages = new RegisterPages(function, bar);
  }

  @Override
  public long size() {
    return pages.size();
  }

  @Override
  public OpenFile open(Caller c, int flags) {
    return new RegisterFile(this, flags);
  }

  @Override
  public void truncate(long size) {
    // as in Linux to open it with O_TRUNC does no harm
  }

  private final class RegisterFile extends OpenFile {
    RegisterFile(Inode inode, int flags) {
      super(inode, flags);
    }

    @Override
    public long read(Caller c, IoBuffer to) {
      return -Errno.EIO;
    }

    @Override
    public long readAt(Caller c, IoBuffer to, long offset) {
      return -Errno.EIO;
    }

    @Override
    public long write(Caller c, IoBuffer from) {
      return -Errno.EIO;
    }

    @Override
    public long writeAt(Caller c, IoBuffer from, long offset) {
      return -Errno.EIO;
    }

    @Override
    public PageSource mapping() {
      return pages;
    }

    @Override
    public boolean isPollable() {
      return false;
    }
  }
}
