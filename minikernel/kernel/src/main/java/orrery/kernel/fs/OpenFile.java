package orrery.kernel.fs;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.abi.OpenFlag;
import orrery.kernel.abi.PollEvent;
import orrery.kernel.abi.SeekWhence;
import orrery.kernel.memory.IoBuffer;
import orrery.kernel.memory.PageSource;
import orrery.kernel.wait.Caller;
import orrery.kernel.wait.PollTable;

/**
 * An open file (Linux: struct file), shared by the descriptors that dup and fork made of one.
 *
 * <p>Reads and writes return the number of bytes that this attempt moved, {@code -errno}, or {@link
 * Caller#BLOCKED} after joining wait queues; then the same call is made again with a buffer that
 * has skipped {@link Caller#progress}. Failures may also be thrown as {@link ErrnoException}.
 */
public abstract class OpenFile {
  private final Inode inode;
  private int flags;
  private int references = 1;
  private Mount mount;
  private Entry entry;
  private OpenFileCount counter;

  /** The first of those who watch it. */
  CloseWatch watches;

  /** Where read and write go on; files without a position leave it 0. */
  protected long position;

  /**
   * Opens {@code inode}, which it holds from now on.
   *
   * @param flags of open(2); those that matter at open only are not kept
   */
  protected OpenFile(Inode inode, int flags) {
    this.inode = inode;
    this.flags = flags & ~OpenFlag.OPEN_ONLY;
    if (inode.isRegular() && OpenFlag.writable(flags)) {
      inode.beginWriting();
    }
    inode.hold();
  }

  public final Inode inode() {
    return inode;
  }

  /** Access mode and status flags, {@link OpenFlag}. */
  public final int flags() {
    return flags;
  }

  /** Sets the status flags that F_SETFL may change. */
  public final void statusFlags(int f) {
    flags = flags & ~OpenFlag.SETTABLE | f & OpenFlag.SETTABLE;
  }

  public final boolean isReadable() {
    return OpenFlag.readable(flags);
  }

  public final boolean isWritable() {
    return OpenFlag.writable(flags);
  }

  public final boolean isNonBlocking() {
    return (flags & OpenFlag.O_NONBLOCK) != 0;
  }

  /** True if it only names a place (O_PATH). */
  public final boolean isPathOnly() {
    return (flags & OpenFlag.O_PATH) != 0;
  }

  /** Notes where it was found; once. */
  public final void place(Location l) {
    mount = l.mount();
    entry = l.entry();
    if (mount != null) {
      mount.use();
    }
  }

  /** Where it was found; the mount is null for files without a place (pipes). */
  public final Location location() {
    return new Location(mount, entry, inode);
  }

  public final Mount mount() {
    return mount;
  }

  /** Where read and write go on. */
  public final long position() {
    return position;
  }

  /** What /proc/PID/fd/N says: a path from the tree's root, or a description of a nameless file. */
  public String path() {
    return mount == null ? "anon_inode:[file]" : PathNames.of(location(), null);
  }

  /** One more descriptor or user. */
  public final OpenFile acquire() {
    references++;
    return this;
  }

  /** One descriptor or user less; the last one closes the file. */
  public final void drop() {
    if (--references > 0) {
      return;
    }
    while (watches != null) {
      CloseWatch w = watches;
      w.leave();
      w.fileClosed();
    }
    FileLocks locks = inode.locksIfAny();
    if (locks != null) {
      locks.releaseFile(this);
    }
    release();
    if (inode.isRegular() && isWritable()) {
      inode.endWriting();
    }
    inode.drop();
    if (mount != null) {
      mount.unuse();
    }
    if (counter != null) {
      counter.closed();
    }
  }

  /** Counts it among the system's open files, once; ENFILE if there are too many. */
  final void count(OpenFileCount c) {
    if (counter == null) {
      c.opened();
      counter = c;
    }
  }

  /** The first of those who watch it; null if nobody does. */
  public final CloseWatch firstWatch() {
    return watches;
  }

  /** The last user is gone. */
  protected void release() {}

  /** Reads from the position on. */
  public long read(Caller c, IoBuffer to) {
    return -Errno.EINVAL;
  }

  /** Writes from the position on (or at the end, with O_APPEND). */
  public long write(Caller c, IoBuffer from) {
    return -Errno.EINVAL;
  }

  /** Reads from {@code offset} on; the position stays. */
  public long readAt(Caller c, IoBuffer to, long offset) {
    return -Errno.ESPIPE;
  }

  /** Writes from {@code offset} on; the position stays. */
  public long writeAt(Caller c, IoBuffer from, long offset) {
    return -Errno.ESPIPE;
  }

  /** lseek(2): the new position or {@code -errno}. */
  public long seek(Caller c, long offset, int whence) {
    return -Errno.ESPIPE;
  }

  /**
   * What could be done now without sleeping, {@link PollEvent} bits. Files that never block, as
   * regular ones, are always ready.
   *
   * @param table gets the queues that may change the answer; null only to ask
   */
  public int poll(PollTable table) {
    return PollEvent.READABLE | PollEvent.WRITABLE;
  }

  /** Whether epoll may watch it: only files that can make wait (others: EPERM). */
  public boolean isPollable() {
    return true;
  }

  /** ioctl(2): the result or {@code -errno}. */
  public long ioctl(Caller c, int request, long argument) {
    return -Errno.ENOTTY;
  }

  /** getdents64(2): bytes put or {@code -errno}. */
  public long list(Caller c, IoBuffer to) {
    return -Errno.ENOTDIR;
  }

  /** fsync(2) and fdatasync(2): 0 or {@code -errno}. */
  public long sync(Caller c) {
    return -Errno.EINVAL;
  }

  /** fallocate(2): 0 or {@code -errno}. */
  public long allocate(Caller c, int mode, long offset, long length) {
    return -Errno.ENODEV;
  }

  /** Whether mmap(2) of it gives anonymous memory, as of /dev/zero. */
  public boolean mapsAnonymousMemory() {
    return false;
  }

  /** The pages that mmap(2) maps; null if the file cannot be mapped (ENODEV). */
  public PageSource mapping() {
    return null;
  }

  /** read(2) as a {@link #readAt} from the position on, which then goes on. */
  protected final long readOn(Caller c, IoBuffer to) {
    return advance(readAt(c, to, position));
  }

  /** write(2) as a {@link #writeAt} from the position on, which then goes on. */
  protected final long writeOn(Caller c, IoBuffer from) {
    return advance(writeAt(c, from, position));
  }

  private long advance(long answer) {
    if (answer > 0) {
      position += answer;
    }
    return answer;
  }

  /** lseek(2) for files with a position and {@code size} bytes, all of them data. */
  protected final long seekWithin(long offset, int whence, long size) {
    long from;
    switch (whence) {
      case SeekWhence.SEEK_SET -> from = 0;
      case SeekWhence.SEEK_CUR -> from = position;
      case SeekWhence.SEEK_END -> from = size;
      case SeekWhence.SEEK_DATA, SeekWhence.SEEK_HOLE -> {
        if (offset < 0 || offset >= size) {
          return -Errno.ENXIO;
        }
        position = whence == SeekWhence.SEEK_DATA ? offset : size;
        return position;
      }
      default -> {
        return -Errno.EINVAL;
      }
    }
    long to = from + offset;
    if (offset > 0 && to < from) {
      return -Errno.EOVERFLOW;
    }
    if (to < 0) {
      return -Errno.EINVAL;
    }
    position = to;
    return to;
  }
}
