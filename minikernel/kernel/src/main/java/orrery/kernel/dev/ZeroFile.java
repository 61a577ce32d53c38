package orrery.kernel.dev;

import orrery.kernel.abi.ErrnoException;
import orrery.kernel.fs.Inode;
import orrery.kernel.memory.IoBuffer;
import orrery.kernel.wait.Caller;

/** /dev/zero: gives zeros without end. */
class ZeroFile extends NullFile {
  ZeroFile(Inode node, int flags) {
    super(node, flags);
  }

  @Override
  public boolean mapsAnonymousMemory() {
    return true;
  }

  @Override
  public long read(Caller c, IoBuffer to) {
    try {
      to.putZeros(to.remaining());
    } catch (ErrnoException fault) {
      if (to.transferred() == 0) {
        throw fault;
      }
    }
    return to.transferred();
  }
}
