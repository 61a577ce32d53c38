package orrery.kernel.fs.event;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.LittleEndian;
import orrery.kernel.abi.OpenFlag;
import orrery.kernel.abi.PollEvent;
import orrery.kernel.fs.OpenFile;
import orrery.kernel.fs.Vfs;
import orrery.kernel.memory.IoBuffer;
import orrery.kernel.wait.Caller;
import orrery.kernel.wait.PollTable;
import orrery.kernel.wait.WaitQueue;

/** A counter that is waited on, eventfd(2). */
public final class EventFile extends OpenFile {
  /** Flags of eventfd2(2). */
  public static final int EFD_SEMAPHORE = 1;

  public static final int EFD_CLOEXEC = OpenFlag.O_CLOEXEC;
  public static final int EFD_NONBLOCK = OpenFlag.O_NONBLOCK;

  /** All ones: the one value that cannot be written, an unsigned number. */
  private static final long OVERFLOW = -1;

  private final WaitQueue readable = new WaitQueue();
  private final WaitQueue writable = new WaitQueue();
  private final byte[] value = new byte[Long.BYTES];
  private final boolean semaphore;

  /** Unsigned, below {@link #OVERFLOW}. */
  private long count;

  /**
   * A counter that starts at {@code count}.
   *
   * @param flags of eventfd2
   */
  public EventFile(Vfs vfs, int count, int flags) {
    super(vfs.anonymous().shared(), OpenFlag.O_RDWR | flags & EFD_NONBLOCK);
    this.count = Integer.toUnsignedLong(count);
    this.semaphore = (flags & EFD_SEMAPHORE) != 0;
  }

  @Override
  public String path() {
    return "anon_inode:[eventfd]";
  }

  @Override
  public long read(Caller c, IoBuffer to) {
    if (to.remaining() < Long.BYTES) {
      return -Errno.EINVAL;
    }
    if (count == 0) {
      return isNonBlocking() ? -Errno.EAGAIN : c.sleepOn(readable);
    }
    long taken = semaphore ? 1 : count;
    LittleEndian.putLong(value, 0, taken);
    to.put(value, 0, Long.BYTES);
    count -= taken;
    writable.wakeAll();
    return Long.BYTES;
  }

  @Override
  public long write(Caller c, IoBuffer from) {
    if (from.remaining() < Long.BYTES) {
      return -Errno.EINVAL;
    }
    from.get(value, 0, Long.BYTES);
    long added = LittleEndian.getLong(value, 0);
    if (added == OVERFLOW) {
      return -Errno.EINVAL;
    }
    if (Long.compareUnsigned(added, OVERFLOW - 1 - count) > 0) {
      return isNonBlocking() ? -Errno.EAGAIN : c.sleepOn(writable);
    }
    count += added;
    readable.wakeAll();
    return Long.BYTES;
  }

  /** The kernel adds to it; at its highest it stays. */
  public void add(long n) {
    long room = OVERFLOW - 1 - count;
    count += Long.compareUnsigned(n, room) > 0 ? room : n;
    readable.wakeAll();
  }

  @Override
  public int poll(PollTable table) {
    if (table != null) {
      table.add(readable, PollEvent.READABLE);
      table.add(writable, PollEvent.WRITABLE);
    }
    int events = count != 0 ? PollEvent.READABLE : 0;
    return Long.compareUnsigned(count, OVERFLOW - 1) < 0 ? events | PollEvent.WRITABLE : events;
  }
}
