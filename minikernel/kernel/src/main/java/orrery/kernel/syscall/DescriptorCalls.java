package orrery.kernel.syscall;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.abi.Fcntl;
import orrery.kernel.abi.IoctlRequest;
import orrery.kernel.abi.OpenFlag;
import orrery.kernel.fs.FileLocks;
import orrery.kernel.fs.FileTable;
import orrery.kernel.fs.OpenFile;
import orrery.kernel.fs.Vfs;
import orrery.kernel.fs.pipe.PipeFile;
import orrery.kernel.fs.pipe.Pipes;
import orrery.kernel.fs.tmpfs.FileSeal;
import orrery.kernel.fs.tmpfs.MemoryFile;
import orrery.kernel.fs.tmpfs.Tmpfs;
import orrery.kernel.fs.tmpfs.TmpfsFile;
import orrery.kernel.task.Task;

/** System calls about descriptors themselves: close, dup, fcntl, ioctl, pipe2, memfd_create. */
public final class DescriptorCalls {
  private static final int CLOSE_RANGE_UNSHARE = 2;
  private static final int CLOSE_RANGE_CLOEXEC = 4;
  private static final int PIPE_FLAGS =
      OpenFlag.O_CLOEXEC | OpenFlag.O_NONBLOCK | OpenFlag.O_DIRECT;

  /** Flags of memfd_create(2). Source: Linux {@code include/uapi/linux/memfd.h}. */
  private static final int MFD_CLOEXEC = 1;

  private static final int MFD_ALLOW_SEALING = 2;
  private static final int MFD_NOEXEC_SEAL = 8;
  private static final int MFD_EXEC = 16;
  private static final int MFD_FLAGS = MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_NOEXEC_SEAL | MFD_EXEC;
  private static final int MEMFD_NAME_MAX = 249;
  private static final int MEMFD_MODE = 0777;
  private static final int MEMFD_MODE_NO_EXEC = 0666;

  private final Vfs vfs;
  private final Tmpfs shared;
  private final LockCalls locks = new LockCalls();

  /**
   * The calls on the files of {@code vfs}.
   *
   * @param shared where memfd_create's files are made; mounted nowhere
   */
  public DescriptorCalls(Vfs vfs, Tmpfs shared) {
    this.vfs = vfs;
    this.shared = shared;
  }

  /** close(2). */
  public long close(Task t, int fd) {
    t.files().close(fd);
    return 0;
  }

  /** close_range(2). */
  public long closeRange(Task t, int first, int last, int flags) {
    if ((flags & ~(CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC)) != 0
        || Integer.compareUnsigned(first, last) > 0) {
      return -Errno.EINVAL;
    }
    if ((flags & CLOSE_RANGE_UNSHARE) != 0) {
      t.unshareFiles();
    }
    FileTable files = t.files();
    long end = Math.min(Integer.toUnsignedLong(last), files.bound() - 1L);
    for (long fd = Integer.toUnsignedLong(first); fd <= end; fd++) {
      if (files.peek((int) fd) == null) {
        continue;
      }
      if ((flags & CLOSE_RANGE_CLOEXEC) != 0) {
        files.closeOnExec((int) fd, true);
      } else {
        files.close((int) fd);
      }
    }
    return 0;
  }

  /** dup(2). */
  public long dup(Task t, int fd) {
    return t.files().install(t.files().getAny(fd).acquire(), false);
  }

  /** dup3(2). */
  public long dup3(Task t, int from, int to, int flags) {
    if ((flags & ~OpenFlag.O_CLOEXEC) != 0 || from == to) {
      return -Errno.EINVAL;
    }
    if (to < 0 || to >= t.files().limit()) {
      return -Errno.EBADF;
    }
    OpenFile f = t.files().getAny(from).acquire();
    t.files().replace(to, f, (flags & OpenFlag.O_CLOEXEC) != 0);
    return to;
  }

  /** pipe2(2). */
  public long pipe2(Task t, long address, int flags) {
    if ((flags & ~PIPE_FLAGS) != 0) {
      return -Errno.EINVAL;
    }
    FileTable files = t.files();
    boolean onExec = (flags & OpenFlag.O_CLOEXEC) != 0;
    int status = flags & OpenFlag.O_NONBLOCK;
    PipeFile reading = Pipes.readSide(vfs, t, status);
    PipeFile writing = Pipes.writeSide(reading, status);
    int in;
    try {
      in = files.install(reading, onExec);
    } catch (ErrnoException e) {
      writing.drop();
      throw e;
    }
    int out;
    try {
      out = files.install(writing, onExec);
    } catch (ErrnoException e) {
      files.close(in);
      throw e;
    }
    try {
      t.memory().writeInt(address, in);
      t.memory().writeInt(address + Integer.BYTES, out);
    } catch (ErrnoException e) {
      files.close(in);
      files.close(out);
      throw e;
    }
    return 0;
  }

  /** memfd_create(2). */
  public long memfdCreate(Task t, long nameAddress, int flags) {
    boolean noExec = (flags & MFD_NOEXEC_SEAL) != 0;
    if ((flags & ~MFD_FLAGS) != 0 || noExec && (flags & MFD_EXEC) != 0) {
      return -Errno.EINVAL;
    }
    String name;
    try {
      name = t.memory().readString(nameAddress, MEMFD_NAME_MAX + 1);
    } catch (ErrnoException e) {
      return e.errno() == Errno.ENAMETOOLONG ? -Errno.EINVAL : -e.errno();
    }
    int mode = noExec ? MEMFD_MODE_NO_EXEC : MEMFD_MODE;
    MemoryFile f = MemoryFile.create(shared, name, mode, t.uid(), t.gid());
    int seals = noExec ? FileSeal.F_SEAL_EXEC : 0;
    boolean sealable = noExec || (flags & MFD_ALLOW_SEALING) != 0;
    f.file().seals(sealable ? seals : FileSeal.F_SEAL_SEAL);
    return t.files().install(f, (flags & MFD_CLOEXEC) != 0);
  }

  /** flock(2). */
  public long flock(Task t, int fd, int operation) {
    return locks.flock(t, t.files().get(fd), operation);
  }

  /** fcntl(2). */
  public long fcntl(Task t, int fd, int command, long argument) {
    FileTable files = t.files();
    OpenFile f = files.getAny(fd);
    switch (command) {
      case Fcntl.F_DUPFD, Fcntl.F_DUPFD_CLOEXEC -> {
        if (argument < 0 || argument >= files.limit()) {
          return -Errno.EINVAL;
        }
        return files.install(f.acquire(), (int) argument, command == Fcntl.F_DUPFD_CLOEXEC);
      }
      case Fcntl.F_GETFD -> {
        return files.closeOnExec(fd) ? Fcntl.FD_CLOEXEC : 0;
      }
      case Fcntl.F_SETFD -> {
        files.closeOnExec(fd, (argument & Fcntl.FD_CLOEXEC) != 0);
        return 0;
      }
      case Fcntl.F_GETFL -> {
        return f.flags();
      }
      default -> {
        return f.isPathOnly() ? -Errno.EBADF : fcntl(t, f, command, argument);
      }
    }
  }

  private long fcntl(Task t, OpenFile f, int command, long argument) {
    switch (command) {
      case Fcntl.F_SETFL -> {
        f.statusFlags((int) argument);
        return 0;
      }
      case Fcntl.F_GETLK,
          Fcntl.F_SETLK,
          Fcntl.F_SETLKW,
          Fcntl.F_OFD_GETLK,
          Fcntl.F_OFD_SETLK,
          Fcntl.F_OFD_SETLKW -> {
        return locks.fcntl(t, f, command, argument);
      }
      case Fcntl.F_SETOWN, Fcntl.F_SETSIG -> {
        return 0; // input and output never sends signals here
      }
      case Fcntl.F_GETOWN, Fcntl.F_GETSIG -> {
        return 0;
      }
      case Fcntl.F_GETLEASE -> {
        return f.inode().isRegular() ? FileLocks.F_UNLCK : -Errno.EINVAL;
      }
      case Fcntl.F_SETPIPE_SZ -> {
        return f instanceof PipeFile p ? p.resize(argument) : -Errno.EBADF;
      }
      case Fcntl.F_GETPIPE_SZ -> {
        return f instanceof PipeFile p ? p.capacity() : -Errno.EBADF;
      }
      case Fcntl.F_ADD_SEALS -> {
        return addSeals(f, argument);
      }
      case Fcntl.F_GET_SEALS -> {
        return f.inode() instanceof TmpfsFile file ? file.seals() : -Errno.EINVAL;
      }
      default -> {
        return -Errno.EINVAL;
      }
    }
  }

  private static long addSeals(OpenFile f, long seals) {
    if (!(f.inode() instanceof TmpfsFile file)) {
      return -Errno.EINVAL;
    }
    if (!f.isWritable()) {
      return -Errno.EPERM;
    }
    if ((seals & ~(long) FileSeal.ALL) != 0) {
      return -Errno.EINVAL;
    }
    if ((file.seals() & FileSeal.F_SEAL_SEAL) != 0) {
      return -Errno.EPERM;
    }
    if ((seals & FileSeal.F_SEAL_WRITE) != 0 && file.isMappedWritable()) {
      return -Errno.EBUSY;
    }
    file.seals(file.seals() | (int) seals);
    return 0;
  }

  /** ioctl(2). */
  public long ioctl(Task t, int fd, int request, long argument) {
    OpenFile f = t.files().get(fd);
    switch (request) {
      case IoctlRequest.FIOCLEX -> {
        t.files().closeOnExec(fd, true);
        return 0;
      }
      case IoctlRequest.FIONCLEX -> {
        t.files().closeOnExec(fd, false);
        return 0;
      }
      case IoctlRequest.FIONBIO -> {
        boolean on = t.memory().readInt(argument) != 0;
        int flags = f.flags() & ~OpenFlag.O_NONBLOCK;
        f.statusFlags(on ? flags | OpenFlag.O_NONBLOCK : flags);
        return 0;
      }
      case IoctlRequest.FIONREAD -> {
        if (f.inode().isRegular()) {
          long left = f.inode().size() - f.position();
          t.memory().writeInt(argument, (int) left);
          return 0;
        }
        return f.ioctl(t, request, argument);
      }
      case IoctlRequest.FIOQSIZE -> {
        if (f.inode().isRegular() || f.inode().isDirectory()) {
          t.memory().writeLong(argument, f.inode().size());
          return 0;
        }
        return -Errno.ENOTTY;
      }
      default -> {
        return f.ioctl(t, request, argument);
      }
    }
  }
}
