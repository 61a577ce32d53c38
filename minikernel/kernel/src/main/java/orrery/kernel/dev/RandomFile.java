package orrery.kernel.dev;

import orrery.kernel.abi.Errno;
import orrery.kernel.fs.Inode;
import orrery.kernel.fs.OpenFile;
import orrery.kernel.memory.IoBuffer;
import orrery.kernel.system.RandomSource;
import orrery.kernel.wait.Caller;

/** /dev/random and /dev/urandom, which are the same once seeded. See random(4). */
final class RandomFile extends OpenFile {
  private static final int RNDGETENTCNT = 0x80045200;
  private static final int POOL_BITS = 256;

  /** Bytes between two looks for signals. */
  private static final long BURST = 1 << 20;

  private final RandomSource source;

  RandomFile(Inode node, int flags, RandomSource source) {
    super(node, flags);
    this.source = source;
  }

  @Override
  public long read(Caller c, IoBuffer to) {
    long done = 0;
    do {
      done += source.fill(to, BURST);
    } while (to.remaining() > 0 && !c.signalPending());
    return done;
  }

  @Override
  public long write(Caller c, IoBuffer from) {
    byte[] offered = new byte[(int) Math.min(from.remaining(), RandomSource.SEED_BYTES)];
    from.get(offered, 0, offered.length);
    source.mix(offered);
    long rest = from.remaining();
    from.skip(rest);
    return offered.length + rest;
  }

  @Override
  public long readAt(Caller c, IoBuffer to, long offset) {
    return read(c, to);
  }

  @Override
  public long writeAt(Caller c, IoBuffer from, long offset) {
    return write(c, from);
  }

  @Override
  public long seek(Caller c, long offset, int whence) {
    return 0;
  }

  @Override
  public long ioctl(Caller c, int request, long argument) {
    if (request != RNDGETENTCNT) {
      return -Errno.EINVAL;
    }
    c.memory().writeInt(argument, POOL_BITS);
    return 0;
  }
}
