package orrery.kernel.fs.tmpfs;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.abi.OpenFlag;
import orrery.kernel.abi.SeekWhence;
import orrery.kernel.fs.Mount;
import orrery.kernel.fs.OpenFile;
import orrery.kernel.memory.IoBuffer;
import orrery.kernel.memory.PageSource;
import orrery.kernel.wait.Caller;

/** An open regular file of a tmpfs. */
public class TmpfsOpenFile extends OpenFile {
  /** Modes of fallocate(2). Source: Linux {@code include/uapi/linux/falloc.h}. */
  private static final int FALLOC_FL_KEEP_SIZE = 1;

  private static final int FALLOC_FL_PUNCH_HOLE = 2;
  private static final int NO_ACCESS_TIME = Mount.MS_NOATIME | Mount.MS_RDONLY;

  private final TmpfsFile file;

  /** Opens {@code file}. */
  public TmpfsOpenFile(TmpfsFile file, int flags) {
    super(file, flags);
    this.file = file;
  }

  @Override
  public long read(Caller c, IoBuffer to) {
    return readOn(c, to);
  }

  @Override
  public long readAt(Caller c, IoBuffer to, long offset) {
    long before = to.remaining();
    try {
      file.read(to, offset);
    } catch (ErrnoException e) {
      if (to.remaining() == before) {
        throw e;
      }
    }
    noteAccess();
    return before - to.remaining();
  }

  /** As mount option relatime: only if the file changed since it was last read. */
  private void noteAccess() {
    boolean stale = file.accessed() <= file.modified() || file.accessed() <= file.changed();
    if (stale
        && (flags() & OpenFlag.O_NOATIME) == 0
        && (mount() == null || (mount().flags() & NO_ACCESS_TIME) == 0)) {
      file.noteAccess();
    }
  }

  @Override
  public long write(Caller c, IoBuffer from) {
    if ((flags() & OpenFlag.O_APPEND) != 0) {
      position = file.size();
    }
    long n = put(from, position);
    position += n;
    return n;
  }

  @Override
  public long writeAt(Caller c, IoBuffer from, long offset) {
    // As Linux and against POSIX: with O_APPEND the offset does not matter.
    return put(from, (flags() & OpenFlag.O_APPEND) != 0 ? file.size() : offset);
  }

  private long put(IoBuffer from, long offset) {
    long before = from.remaining();
    try {
      file.write(from, offset);
    } catch (ErrnoException e) {
      if (from.remaining() == before) {
        throw e;
      }
    }
    return before - from.remaining();
  }

  @Override
  public long seek(Caller c, long offset, int whence) {
    if (whence != SeekWhence.SEEK_DATA && whence != SeekWhence.SEEK_HOLE) {
      return seekWithin(offset, whence, file.size());
    }
    if (offset < 0 || offset >= file.size()) {
      return -Errno.ENXIO;
    }
    long found = whence == SeekWhence.SEEK_DATA ? file.nextData(offset) : file.nextHole(offset);
    if (found < 0) {
      return -Errno.ENXIO;
    }
    position = found;
    return found;
  }

  @Override
  public boolean isPollable() {
    return false;
  }

  @Override
  public long sync(Caller c) {
    return 0;
  }

  @Override
  public long allocate(Caller c, int mode, long offset, long length) {
    switch (mode) {
      case 0, FALLOC_FL_KEEP_SIZE -> file.allocate(offset, length, mode != 0);
      case FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE -> file.punchHole(offset, length);
      default -> {
        return -Errno.EOPNOTSUPP;
      }
    }
    return 0;
  }

  /** The file. */
  public final TmpfsFile file() {
    return file;
  }

  @Override
  public PageSource mapping() {
    return file;
  }
}
