package orrery.kernel.syscall;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.OpenFlag;
import orrery.kernel.abi.PollEvent;
import orrery.kernel.abi.Signal;
import orrery.kernel.fs.OpenFile;
import orrery.kernel.fs.Vfs;
import orrery.kernel.memory.IoBuffer;
import orrery.kernel.task.SignalInfo;
import orrery.kernel.task.Task;
import orrery.kernel.wait.Caller;
import orrery.kernel.wait.PollTable;

/**
 * signalfd(2): reads the blocked signals of whoever reads it. An epoll instance, which no thread
 * stands behind, watches those of the thread that made the descriptor.
 */
final class SignalFile extends OpenFile {
  /** struct signalfd_siginfo of linux/signalfd.h. */
  private static final int SIZE = 128;

  private static final int SSI_ERRNO = 4;
  private static final int SSI_CODE = 8;
  private static final int SSI_PID = 12;
  private static final int SSI_UID = 16;
  private static final int SSI_STATUS = 40;
  private static final int SSI_INT = 44;
  private static final int SSI_PTR = 48;
  private static final int SSI_UTIME = 56;
  private static final int SSI_STIME = 64;

  private final Task maker;
  private final SignalInfo info = new SignalInfo();
  private final StructBuffer record = new StructBuffer(SIZE);
  private long wanted;

  SignalFile(Vfs vfs, Task maker, long wanted, int flags) {
    super(vfs.anonymous().shared(), OpenFlag.O_RDWR | flags & OpenFlag.O_NONBLOCK);
    this.maker = maker;
    wanted(wanted);
  }

  /** The signals that are read. */
  void wanted(long set) {
    wanted = set & ~Signal.UNBLOCKABLE;
  }

  @Override
  public String path() {
    return "anon_inode:[signalfd]";
  }

  @Override
  public long read(Caller c, IoBuffer to) {
    if (to.remaining() < SIZE) {
      return -Errno.EINVAL;
    }
    Task t = c instanceof Task task ? task : maker;
    long done = 0;
    while (to.remaining() >= SIZE && t.signals().take(~wanted, info) != 0) {
      fill();
      to.put(record.bytes(), 0, SIZE);
      done += SIZE;
    }
    if (done > 0) {
      return done;
    }
    return isNonBlocking() ? -Errno.EAGAIN : c.sleepOn(t.process().signals().arrivals());
  }

  private void fill() {
    record.clear();
    record.int32(0, info.signal());
    record.int32(SSI_ERRNO, info.errno());
    record.int32(SSI_CODE, info.code());
    record.int32(SSI_PID, info.pid());
    record.int32(SSI_UID, info.uid());
    if (info.signal() == Signal.SIGCHLD) {
      record.int32(SSI_STATUS, (int) info.word(1));
      record.int64(SSI_UTIME, info.word(2));
      record.int64(SSI_STIME, info.word(3));
    } else {
      record.int32(SSI_INT, (int) info.word(1));
      record.int64(SSI_PTR, info.word(1));
    }
  }

  @Override
  public int poll(PollTable table) {
    Task t = table instanceof Task task ? task : maker;
    if (table != null) {
      table.add(t.process().signals().arrivals(), PollEvent.READABLE);
    }
    return (t.signals().waiting() & wanted) != 0 ? PollEvent.READABLE : 0;
  }
}
