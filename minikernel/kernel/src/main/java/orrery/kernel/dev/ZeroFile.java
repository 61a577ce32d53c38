package orrery.kernel.dev;

import orrery.kernel.fs.Inode;
import orrery.kernel.memory.IoBuffer;
import orrery.kernel.wait.Caller;

/** /dev/zero: gives zeros without end. */
class ZeroFile extends NullFile {
  private static final byte[] ZEROS = new byte[16384];

  ZeroFile(Inode node, int flags) {
    super(node, flags);
  }

  @Override
  public long read(Caller c, IoBuffer to) {
    long n = to.remaining();
    while (to.remaining() > 0) {
      to.put(ZEROS, 0, (int) Math.min(to.remaining(), ZEROS.length));
    }
    return n;
  }
}
