package orrery.kernel.dev;

import orrery.kernel.abi.Errno;
import orrery.kernel.fs.Inode;
import orrery.kernel.memory.IoBuffer;
import orrery.kernel.wait.Caller;

/** /dev/full: gives zeros and never has room. */
final class FullFile extends ZeroFile {
  FullFile(Inode node, int flags) {
    super(node, flags);
  }

  @Override
  public boolean mapsAnonymousMemory() {
    return false;
  }

  @Override
  public long write(Caller c, IoBuffer from) {
    return -Errno.ENOSPC;
  }
}
