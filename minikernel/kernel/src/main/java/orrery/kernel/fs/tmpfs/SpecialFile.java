package orrery.kernel.fs.tmpfs;

import orrery.kernel.abi.FileMode;
import orrery.kernel.fs.Inode;
import orrery.kernel.fs.OpenFile;
import orrery.kernel.fs.pipe.Fifo;
import orrery.kernel.wait.Caller;

/** A device node, FIFO or socket of a tmpfs. */
final class SpecialFile extends Inode {
  private final Tmpfs fs;
  private final long device;
  private Fifo fifo;

  SpecialFile(Tmpfs fs, long number, int mode, long device, int uid, int gid) {
    super(fs, number, mode, uid, gid);
    this.fs = fs;
    this.device = device;
  }

  @Override
  public long deviceNumber() {
    return device;
  }

  @Override
  public OpenFile open(Caller c, int flags) {
    return switch (type()) {
      case FileMode.S_IFIFO -> {
        if (fifo == null) {
          fifo = new Fifo(this, fs.vfs().frames());
        }
        yield fifo.open(c, flags);
      }
      case FileMode.S_IFCHR, FileMode.S_IFBLK -> fs.vfs().devices().open(c, this, flags);
      default -> super.open(c, flags);
    };
  }

  @Override
  protected void evicted() {
    fs.inodeGone();
  }
}
