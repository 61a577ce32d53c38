package orrery.kernel.dev;

import orrery.kernel.fs.Inode;
import orrery.kernel.fs.OpenFile;
import orrery.kernel.memory.IoBuffer;
import orrery.kernel.wait.Caller;

/** /dev/null: takes everything, gives nothing. */
class NullFile extends OpenFile {
  NullFile(Inode node, int flags) {
    super(node, flags);
  }

  @Override
  public long read(Caller c, IoBuffer to) {
    return 0;
  }

  @Override
  public long write(Caller c, IoBuffer from) {
    long n = from.remaining();
    from.skip(n);
    return n;
  }

  @Override
  public final long readAt(Caller c, IoBuffer to, long offset) {
    return read(c, to);
  }

  @Override
  public final long writeAt(Caller c, IoBuffer from, long offset) {
    return write(c, from);
  }

  @Override
  public final long seek(Caller c, long offset, int whence) {
    return 0;
  }
}
