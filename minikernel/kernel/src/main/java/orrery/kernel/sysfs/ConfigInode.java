package orrery.kernel.sysfs;

import orrery.kernel.fs.FileSystem;
import orrery.kernel.fs.Inode;
import orrery.kernel.fs.KernelInode;
import orrery.kernel.fs.OpenFile;
import orrery.kernel.hw.pci.PciFunction;
import orrery.kernel.memory.IoBuffer;
import orrery.kernel.wait.Caller;

/** The file {@code config}: configuration space, of which all but the super-user see the header. */
final class ConfigInode extends KernelInode {
  private static final int READ_ONLY = 0444;
  private static final int HEADER_SIZE = 64;

  private final PciFunction function;

  ConfigInode(FileSystem fs, long number, PciFunction function) {
    super(fs, number, READ_ONLY);
    this.function = function;
  }

  @Override
  public long size() {
    return PciFunction.CONFIG_SIZE;
  }

  @Override
  public OpenFile open(Caller c, int flags) {
    return new ConfigFile(this, flags);
  }

  private final class ConfigFile extends OpenFile {
    ConfigFile(Inode inode, int flags) {
      super(inode, flags);
    }

    @Override
    public long read(Caller c, IoBuffer to) {
      return readOn(c, to);
    }

    @Override
    public long readAt(Caller c, IoBuffer to, long offset) {
      long end = c.uid() == 0 ? PciFunction.CONFIG_SIZE : HEADER_SIZE;
      long done = 0;
      for (; offset + done < end && to.remaining() > 0; done++) {
        to.putByte(function.configByte((int) (offset + done)));
      }
      return done;
    }

    @Override
    public long seek(Caller c, long offset, int whence) {
      return seekWithin(offset, whence, PciFunction.CONFIG_SIZE);
    }

    @Override
    public boolean isPollable() {
      return false;
    }
  }
}
