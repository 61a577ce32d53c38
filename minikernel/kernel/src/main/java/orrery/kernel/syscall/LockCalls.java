package orrery.kernel.syscall;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.Fcntl;
import orrery.kernel.abi.SeekWhence;
import orrery.kernel.fs.FileLocks;
import orrery.kernel.fs.FileTable;
import orrery.kernel.fs.OpenFile;
import orrery.kernel.memory.AddressSpace;
import orrery.kernel.task.Task;
import orrery.kernel.wait.Caller;

/** The lock commands of fcntl(2), and flock(2). */
final class LockCalls {
  /** struct flock of asm-generic/fcntl.h. */
  private static final int L_WHENCE = 2;

  private static final int L_START = 8;
  private static final int L_LEN = 16;
  private static final int L_PID = 24;

  /** Operations of flock(2). Source: Linux {@code include/uapi/asm-generic/fcntl.h}. */
  private static final int LOCK_SH = 1;

  private static final int LOCK_EX = 2;
  private static final int LOCK_NB = 4;
  private static final int LOCK_UN = 8;

  private static final int OFD_PID = -1;

  LockCalls() {}

  long fcntl(Task t, OpenFile f, int command, long address) {
    AddressSpace m = t.memory();
    int type = m.readShort(address);
    long start = m.readLong(address + L_START);
    switch (m.readShort(address + L_WHENCE)) {
      case SeekWhence.SEEK_SET -> {}
      case SeekWhence.SEEK_CUR -> start += f.position();
      case SeekWhence.SEEK_END -> start += f.inode().size();
      default -> {
        return -Errno.EINVAL;
      }
    }
    long length = m.readLong(address + L_LEN);
    long end = length == 0 ? FileLocks.TO_END : start + length - 1;
    if (length < 0) {
      end = start - 1;
      start += length;
    }
    if (start < 0) {
      return -Errno.EINVAL;
    }
    if (end < start) {
      return -Errno.EOVERFLOW;
    }
    boolean ofd = command >= Fcntl.F_OFD_GETLK;
    if (ofd && m.readInt(address + L_PID) != 0) {
      return -Errno.EINVAL;
    }
    boolean query = command == Fcntl.F_GETLK || command == Fcntl.F_OFD_GETLK;
    boolean known = type == FileLocks.F_RDLCK || type == FileLocks.F_WRLCK;
    if (!known && (query || type != FileLocks.F_UNLCK)) {
      return -Errno.EINVAL;
    }
    Object owner = ofd ? f : t.files();
    if (query) {
      return query(t, f, owner, type, start, end, address);
    }
    if (type == FileLocks.F_RDLCK && !f.isReadable()
        || type == FileLocks.F_WRLCK && !f.isWritable()) {
      return -Errno.EBADF;
    }
    boolean wait = command == Fcntl.F_SETLKW || command == Fcntl.F_OFD_SETLKW;
    return set(t, f, owner, type, start, end, wait);
  }

  private static long query(
      Task t, OpenFile f, Object owner, int type, long start, long end, long address) {
    AddressSpace m = t.memory();
    FileLocks.Lock l = f.inode().locks().conflict(owner, type, start, end);
    if (l == null) {
      m.writeShort(address, (short) FileLocks.F_UNLCK);
      return 0;
    }
    m.writeShort(address, (short) l.type());
    m.writeShort(address + L_WHENCE, (short) SeekWhence.SEEK_SET);
    m.writeLong(address + L_START, l.start());
    m.writeLong(address + L_LEN, l.end() == FileLocks.TO_END ? 0 : l.end() - l.start() + 1);
    m.writeInt(address + L_PID, l.pid());
    return 0;
  }

  private static long set(
      Task t, OpenFile f, Object owner, int type, long start, long end, boolean wait) {
    FileTable table = owner instanceof FileTable own ? own : null;
    if (table != null) {
      table.waitsFor(null);
    }
    FileLocks locks = f.inode().locks();
    if (type != FileLocks.F_UNLCK) {
      FileLocks.Lock l = locks.conflict(owner, type, start, end);
      if (l != null && !wait) {
        return -Errno.EAGAIN;
      }
      if (l != null) {
        if (table != null && l.owner() instanceof FileTable other) {
          if (other.isWaitingFor(table)) {
            return -Errno.EDEADLK;
          }
          table.waitsFor(other);
        }
        long asleep = t.sleepOn(locks.waiters());
        if (asleep != Caller.BLOCKED && table != null) {
          table.waitsFor(null);
        }
        return asleep;
      }
    }
    locks.set(owner, table == null ? OFD_PID : t.process().pid(), type, start, end);
    return 0;
  }

  long flock(Task t, OpenFile f, int operation) {
    int type;
    switch (operation & ~LOCK_NB) {
      case LOCK_SH -> type = FileLocks.F_RDLCK;
      case LOCK_EX -> type = FileLocks.F_WRLCK;
      case LOCK_UN -> {
        if (f.inode().locksIfAny() != null) {
          f.inode().locksIfAny().unlockWhole(f);
        }
        return 0;
      }
      default -> {
        return -Errno.EINVAL;
      }
    }
    FileLocks locks = f.inode().locks();
    if (locks.lockWhole(f, t.process().pid(), type)) {
      return 0;
    }
    return (operation & LOCK_NB) != 0 ? -Errno.EAGAIN : t.sleepOn(locks.waiters());
  }
}
