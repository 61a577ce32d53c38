package orrery.kernel.syscall;

import static orrery.kernel.hw.PhysicalMemory.FRAME_SIZE;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.abi.OpenFlag;
import orrery.kernel.abi.SeekWhence;
import orrery.kernel.abi.Signal;
import orrery.kernel.fs.OpenFile;
import orrery.kernel.fs.Vfs;
import orrery.kernel.memory.FrameAllocator;
import orrery.kernel.memory.IoBuffer;
import orrery.kernel.task.Limits;
import orrery.kernel.task.Signals;
import orrery.kernel.task.Task;
import orrery.kernel.wait.Caller;

/** System calls that move data through descriptors, or are about a file's contents. */
public final class FileCalls {
  /** Flags of preadv2 and pwritev2. Source: Linux {@code include/uapi/linux/fs.h}. */
  private static final int RWF_APPEND = 0x10;

  private static final int RWF_SUPPORTED = 0x7 | RWF_APPEND; // HIPRI, DSYNC, SYNC: nothing to do
  private static final int SYNC_FILE_RANGE_FLAGS = 7;
  private static final int FADVISE_LAST = 5;

  private final Vfs vfs;
  private final Signals signals;

  /** Kernel memory that sendfile and copy_file_range go through, and the cursor over it. */
  private final IoBuffer bounce = new IoBuffer();

  private long bounceFrame = FrameAllocator.NONE;

  /** The calls on the files of {@code vfs}. */
  public FileCalls(Vfs vfs, Signals signals) {
    this.vfs = vfs;
    this.signals = signals;
  }

  /** read(2). */
  public long read(Task t, int fd, long buffer, long count) {
    OpenFile f = t.files().reading(fd);
    if (count < 0) {
      return -Errno.EINVAL;
    }
    return f.read(t, t.io().user(t.memory(), buffer, count));
  }

  /** write(2). */
  public long write(Task t, int fd, long buffer, long count) {
    OpenFile f = t.files().writing(fd);
    if (count < 0) {
      return -Errno.EINVAL;
    }
    long allowed = f.inode().isRegular() ? allowed(t, f, writePosition(f), count) : count;
    return write(t, f, t.io().user(t.memory(), buffer, allowed));
  }

  /** readv(2). */
  public long readv(Task t, int fd, long vector, long count) {
    OpenFile f = t.files().reading(fd);
    return f.read(t, t.io().vector(t.memory(), vector, count));
  }

  /** writev(2). */
  public long writev(Task t, int fd, long vector, long count) {
    OpenFile f = t.files().writing(fd);
    IoBuffer io = t.io().vector(t.memory(), vector, count);
    if (f.inode().isRegular()) {
      requireAllowed(t, f, writePosition(f), io);
    }
    return write(t, f, io);
  }

  /** A blocked write goes on behind what its earlier attempts wrote; a broken pipe is a signal. */
  private long write(Task t, OpenFile f, IoBuffer io) {
    if (t.progress() > 0) {
      io.skip(Math.min(t.progress(), io.remaining()));
    }
    long n = f.write(t, io);
    if (n == -Errno.EPIPE) {
      signals.sendFromKernel(t, Signal.SIGPIPE);
    }
    return n;
  }

  private static long writePosition(OpenFile f) {
    return (f.flags() & OpenFlag.O_APPEND) != 0 ? f.inode().size() : f.position();
  }

  /** How many of {@code count} bytes RLIMIT_FSIZE lets be written; SIGXFSZ and EFBIG if none. */
  private long allowed(Task t, OpenFile f, long position, long count) {
    long limit = t.process().limits().soft(Limits.FSIZE);
    if (limit == Limits.INFINITY || count == 0) {
      return count;
    }
    if (Long.compareUnsigned(position, limit) >= 0) {
      signals.sendFromKernel(t, Signal.SIGXFSZ);
      throw ErrnoException.of(Errno.EFBIG);
    }
    return Long.compareUnsigned(count, limit - position) > 0 ? limit - position : count;
  }

  /** As {@link #allowed} for a vector, which is not cut: it is written whole or not at all. */
  private void requireAllowed(Task t, OpenFile f, long position, IoBuffer io) {
    if (allowed(t, f, position, io.remaining()) < io.remaining()) {
      signals.sendFromKernel(t, Signal.SIGXFSZ);
      throw ErrnoException.of(Errno.EFBIG);
    }
  }

  /** pread64(2). */
  public long pread(Task t, int fd, long buffer, long count, long offset) {
    if (offset < 0) {
      return -Errno.EINVAL;
    }
    OpenFile f = t.files().reading(fd);
    if (count < 0) {
      return -Errno.EINVAL;
    }
    return f.readAt(t, t.io().user(t.memory(), buffer, count), offset);
  }

  /** pwrite64(2). */
  public long pwrite(Task t, int fd, long buffer, long count, long offset) {
    if (offset < 0) {
      return -Errno.EINVAL;
    }
    OpenFile f = t.files().writing(fd);
    if (count < 0) {
      return -Errno.EINVAL;
    }
    long allowed = f.inode().isRegular() ? allowed(t, f, offset, count) : count;
    return f.writeAt(t, t.io().user(t.memory(), buffer, allowed), offset);
  }

  /** preadv(2). */
  public long preadv(Task t, int fd, long vector, long count, long offset) {
    if (offset < 0) {
      return -Errno.EINVAL;
    }
    OpenFile f = t.files().reading(fd);
    return f.readAt(t, t.io().vector(t.memory(), vector, count), offset);
  }

  /** pwritev(2). */
  public long pwritev(Task t, int fd, long vector, long count, long offset) {
    if (offset < 0) {
      return -Errno.EINVAL;
    }
    OpenFile f = t.files().writing(fd);
    IoBuffer io = t.io().vector(t.memory(), vector, count);
    if (f.inode().isRegular()) {
      requireAllowed(t, f, offset, io);
    }
    return f.writeAt(t, io, offset);
  }

  /** preadv2(2); offset -1 stands for the file's position. */
  public long preadv2(Task t, int fd, long vector, long count, long offset, int flags) {
    if ((flags & ~RWF_SUPPORTED) != 0) {
      return -Errno.EOPNOTSUPP;
    }
    return offset == -1 ? readv(t, fd, vector, count) : preadv(t, fd, vector, count, offset);
  }

  /** pwritev2(2); offset -1 stands for the file's position. */
  public long pwritev2(Task t, int fd, long vector, long count, long offset, int flags) {
    if ((flags & ~RWF_SUPPORTED) != 0) {
      return -Errno.EOPNOTSUPP;
    }
    if ((flags & RWF_APPEND) != 0) {
      return pwritev(t, fd, vector, count, t.files().writing(fd).inode().size());
    }
    return offset == -1 ? writev(t, fd, vector, count) : pwritev(t, fd, vector, count, offset);
  }

  /** lseek(2). */
  public long lseek(Task t, int fd, long offset, int whence) {
    return t.files().get(fd).seek(t, offset, whence);
  }

  /** getdents64(2). */
  public long getdents(Task t, int fd, long buffer, int count) {
    OpenFile f = t.files().reading(fd);
    return f.list(t, t.io().user(t.memory(), buffer, Integer.toUnsignedLong(count)));
  }

  /** ftruncate(2). */
  public long ftruncate(Task t, int fd, long length) {
    if (length < 0) {
      return -Errno.EINVAL;
    }
    OpenFile f = t.files().get(fd);
    if (!f.isWritable() || !f.inode().isRegular()) {
      return -Errno.EINVAL;
    }
    requireLength(t, length, f.inode().size());
    f.inode().truncate(length);
    return 0;
  }

  /** RLIMIT_FSIZE for files that are made longer. */
  void requireLength(Task t, long length, long size) {
    long limit = t.process().limits().soft(Limits.FSIZE);
    if (length > size && limit != Limits.INFINITY && Long.compareUnsigned(length, limit) > 0) {
      signals.sendFromKernel(t, Signal.SIGXFSZ);
      throw ErrnoException.of(Errno.EFBIG);
    }
  }

  /** fallocate(2). */
  public long fallocate(Task t, int fd, int mode, long offset, long length) {
    if (offset < 0 || length <= 0) {
      return -Errno.EINVAL;
    }
    OpenFile f = t.files().writing(fd);
    if (offset + length < 0) {
      return -Errno.EFBIG;
    }
    if (f.inode().isFifo()) {
      return -Errno.ESPIPE;
    }
    if (f.inode().isDirectory()) {
      return -Errno.EISDIR;
    }
    requireLength(t, offset + length, f.inode().size());
    return f.allocate(t, mode, offset, length);
  }

  /** fsync(2) and fdatasync(2). */
  public long fsync(Task t, int fd) {
    return t.files().get(fd).sync(t);
  }

  /** sync(2). */
  public long sync(Task t) {
    return vfs.synchronizer().sync(t);
  }

  /** syncfs(2). */
  public long syncfs(Task t, int fd) {
    t.files().get(fd);
    return 0;
  }

  /** sync_file_range(2). */
  public long syncFileRange(Task t, int fd, long offset, long length, int flags) {
    t.files().get(fd);
    boolean bad = offset < 0 || length < 0 || offset + length < 0;
    return bad || (flags & ~SYNC_FILE_RANGE_FLAGS) != 0 ? -Errno.EINVAL : 0;
  }

  /** fadvise64(2): good advice about files that are in memory already. */
  public long fadvise(Task t, int fd, long offset, long length, int advice) {
    OpenFile f = t.files().get(fd);
    if (f.inode().isFifo()) {
      return -Errno.ESPIPE;
    }
    return length < 0 || advice < 0 || advice > FADVISE_LAST ? -Errno.EINVAL : 0;
  }

  /** readahead(2). */
  public long readahead(Task t, int fd, long offset, long count) {
    OpenFile f = t.files().reading(fd);
    return f.inode().isRegular() ? 0 : -Errno.EINVAL;
  }

  /** sendfile(2). */
  public long sendfile(Task t, int out, int in, long offsetAddress, long count) {
    OpenFile from = t.files().reading(in);
    OpenFile to = t.files().writing(out);
    if (count < 0 || !from.inode().isRegular() || (to.flags() & OpenFlag.O_APPEND) != 0) {
      return -Errno.EINVAL;
    }
    boolean ownOffset = offsetAddress != 0;
    long start = ownOffset ? t.memory().readLong(offsetAddress) : from.position();
    if (start < 0) {
      return -Errno.EINVAL;
    }
    // The position moves at the end only: a call that is made again starts from the same place.
    long done = t.progress();
    long limit = Math.min(count, IoBuffer.MAX_LENGTH);
    long failure = 0;
    while (done < limit) {
      long n = pull(t, from, start + done, limit - done);
      if (n <= 0) {
        failure = n;
        break;
      }
      long written = push(t, to, n, done);
      if (written == Caller.BLOCKED) {
        return Caller.BLOCKED;
      }
      if (written < 0) {
        failure = written;
        break;
      }
      done += written;
      if (written < n) {
        break;
      }
    }
    if (done == 0) {
      return failure;
    }
    if (ownOffset) {
      t.memory().writeLong(offsetAddress, start + done);
    } else {
      from.seek(t, start + done, SeekWhence.SEEK_SET);
    }
    return done;
  }

  /** Reads up to a frame of {@code from} at {@code offset}; how many bytes, or an error. */
  private long pull(Task t, OpenFile from, long offset, long most) {
    if (bounceFrame == FrameAllocator.NONE) {
      bounceFrame = vfs.frames().allocate();
      if (bounceFrame == FrameAllocator.NONE) {
        return -Errno.ENOMEM;
      }
    }
    long n = Math.min(FRAME_SIZE, most);
    return from.readAt(t, bounce.physical(vfs.memory(), bounceFrame, n), offset);
  }

  /**
   * Writes {@code n} bytes that were pulled. {@link Caller#progress}, which a blocked write uses
   * for itself, is the whole call's {@code done} otherwise.
   */
  private long push(Task t, OpenFile to, long n, long done) {
    t.progress(0);
    long written;
    try {
      written = to.write(t, bounce.physical(vfs.memory(), bounceFrame, n));
    } catch (ErrnoException e) {
      written = -e.errno();
    }
    if (written == -Errno.EPIPE) {
      signals.sendFromKernel(t, Signal.SIGPIPE);
    }
    t.progress(done + (written == Caller.BLOCKED ? t.progress() : 0));
    return written;
  }

  /** copy_file_range(2). */
  public long copyFileRange(
      Task t, int in, long inAddress, int out, long outAddress, long length, int flags) {
    OpenFile from = t.files().reading(in);
    OpenFile to = t.files().writing(out);
    if (flags != 0) {
      return -Errno.EINVAL;
    }
    if (from.inode().isDirectory() || to.inode().isDirectory()) {
      return -Errno.EISDIR;
    }
    if (!from.inode().isRegular() || !to.inode().isRegular()) {
      return -Errno.EINVAL;
    }
    if ((to.flags() & OpenFlag.O_APPEND) != 0) {
      return -Errno.EBADF;
    }
    long source = inAddress != 0 ? t.memory().readLong(inAddress) : from.position();
    long target = outAddress != 0 ? t.memory().readLong(outAddress) : to.position();
    if (source < 0 || target < 0 || length < 0) {
      return -Errno.EINVAL;
    }
    long most = Math.min(length, IoBuffer.MAX_LENGTH);
    boolean overlap = source < target + most && target < source + most;
    if (from.inode() == to.inode() && overlap) {
      return -Errno.EINVAL;
    }
    most = allowed(t, to, target, most);
    long done = copy(t, from, source, to, target, most);
    if (done > 0) {
      moveTo(t, from, inAddress, source + done);
      moveTo(t, to, outAddress, target + done);
    }
    return done;
  }

  private long copy(Task t, OpenFile from, long source, OpenFile to, long target, long most) {
    long done = 0;
    while (done < most) {
      long n = pull(t, from, source + done, most - done);
      if (n <= 0) {
        return done > 0 ? done : n;
      }
      long written;
      try {
        written = to.writeAt(t, bounce.physical(vfs.memory(), bounceFrame, n), target + done);
      } catch (ErrnoException e) {
        written = -e.errno();
      }
      if (written <= 0) {
        return done > 0 ? done : written;
      }
      done += written;
    }
    return done;
  }

  private static void moveTo(Task t, OpenFile f, long address, long position) {
    if (address != 0) {
      t.memory().writeLong(address, position);
    } else {
      f.seek(t, position, SeekWhence.SEEK_SET);
    }
  }
}
