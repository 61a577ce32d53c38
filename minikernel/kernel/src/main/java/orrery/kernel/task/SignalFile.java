package orrery.kernel.task;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import orrery.kernel.abi.Errno;
import orrery.kernel.abi.OpenFlag;
import orrery.kernel.abi.PollEvent;
import orrery.kernel.abi.SigInfo;
import orrery.kernel.abi.Signal;
import orrery.kernel.fs.OpenFile;
import orrery.kernel.fs.Vfs;
import orrery.kernel.memory.IoBuffer;
import orrery.kernel.wait.Caller;
import orrery.kernel.wait.PollTable;

/**
 * Signals that are read like data, signalfd(2): those of whoever reads, not of whoever made the
 * file.
 */
public final class SignalFile extends OpenFile {
  /** Flags of signalfd4(2). */
  public static final int SFD_CLOEXEC = OpenFlag.O_CLOEXEC;

  public static final int SFD_NONBLOCK = OpenFlag.O_NONBLOCK;

  // struct signalfd_siginfo
  private static final int SIZE = 128;
  private static final int SIGNO = 0;
  private static final int ERRNO = 4;
  private static final int CODE = 8;
  private static final int PID = 12;
  private static final int UID = 16;
  private static final int TIMER_ID = 24;
  private static final int OVERRUN = 32;
  private static final int STATUS = 40;
  private static final int INT = 44;
  private static final int POINTER = 48;
  private static final int UTIME = 56;
  private static final int STIME = 64;
  private static final int ADDRESS = 72;

  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final Scheduler scheduler;
  private final SignalInfo info = new SignalInfo();
  private final byte[] record = new byte[SIZE];
  private long mask;

  /**
   * A file for the signals of {@code mask}.
   *
   * @param flags of signalfd4
   */
  public SignalFile(Vfs vfs, Scheduler scheduler, long mask, int flags) {
    super(vfs.anonymous().shared(), OpenFlag.O_RDWR | flags & SFD_NONBLOCK);
    this.scheduler = scheduler;
    mask(mask);
  }

  /** Changes which signals it gives. SIGKILL and SIGSTOP are never read. */
  public void mask(long signals) {
    mask = signals & ~Signal.UNBLOCKABLE;
  }

  @Override
  public String path() {
    return "anon_inode:[signalfd]";
  }

  @Override
  public long read(Caller c, IoBuffer to) {
    Task t = (Task) c; // every caller is a thread
    if (to.remaining() < SIZE) {
      return -Errno.EINVAL;
    }
    long read = 0;
    while (to.remaining() >= SIZE && t.signals().take(~mask, info) != 0) {
      fill();
      to.put(record, 0, SIZE);
      read += SIZE;
    }
    if (read > 0) {
      return read;
    }
    if (isNonBlocking()) {
      return -Errno.EAGAIN;
    }
    return t.sleepOn(t.process().signals().arrivals());
  }

  @Override
  public int poll(PollTable table) {
    Task t = scheduler.current();
    if (table != null) {
      table.add(t.process().signals().arrivals(), PollEvent.READABLE);
    }
    return (t.signals().waiting() & mask) != 0 ? PollEvent.READABLE : 0;
  }

  private void fill() {
    Arrays.fill(record, (byte) 0);
    int signal = info.signal();
    int code = info.code();
    putInt(SIGNO, signal);
    putInt(ERRNO, info.errno());
    putInt(CODE, code);
    if (code == SigInfo.SI_TIMER) {
      putInt(TIMER_ID, info.pid());
      putInt(OVERRUN, info.uid());
      putValue();
    } else if (code > 0 && code != SigInfo.SI_KERNEL && Signal.in(Signal.SYNCHRONOUS, signal)) {
      putLong(ADDRESS, info.word(0));
    } else {
      putInt(PID, info.pid());
      putInt(UID, info.uid());
      if (code > 0 && signal == Signal.SIGCHLD) {
        putInt(STATUS, (int) info.word(1));
        putLong(UTIME, info.word(2));
        putLong(STIME, info.word(3));
      } else if (code < 0) {
        putValue();
      }
    }
  }

  private void putValue() {
    putInt(INT, (int) info.word(1));
    putLong(POINTER, info.word(1));
  }

  private void putInt(int offset, int value) {
    INTS.set(record, offset, value);
  }

  private void putLong(int offset, long value) {
    LONGS.set(record, offset, value);
  }
}
