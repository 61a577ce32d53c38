package orrery.kernel.fs.event;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.LittleEndian;
import orrery.kernel.abi.OpenFlag;
import orrery.kernel.abi.PollEvent;
import orrery.kernel.fs.OpenFile;
import orrery.kernel.fs.Vfs;
import orrery.kernel.memory.IoBuffer;
import orrery.kernel.wait.Caller;
import orrery.kernel.wait.KernelTimer;
import orrery.kernel.wait.PollTable;
import orrery.kernel.wait.WaitQueue;

/**
 * A timer that is waited on, timerfd_create(2). A periodic timer is armed again when its
 * expirations are read, as in Linux: unread ones cost nothing.
 */
public final class TimerFile extends OpenFile {
  /** Flags of timerfd_create and timerfd_settime. */
  public static final int TFD_CLOEXEC = OpenFlag.O_CLOEXEC;

  public static final int TFD_NONBLOCK = OpenFlag.O_NONBLOCK;
  public static final int TFD_TIMER_ABSTIME = 1;
  public static final int TFD_TIMER_CANCEL_ON_SET = 2;

  private final Vfs vfs;
  private final boolean realTime;
  private final WaitQueue readable = new WaitQueue();
  private final byte[] value = new byte[Long.BYTES];
  private long interval;

  /** When the last expiration was due, machine time in nanoseconds. */
  private long due;

  private boolean expired;

  private final KernelTimer timer =
      new KernelTimer() {
        @Override
        protected void expired() {
          expired = true;
          readable.wakeAll();
        }
      };

  /**
   * A timer that is not set.
   *
   * @param realTime whether absolute times are real time; else machine time
   * @param flags of timerfd_create
   */
  public TimerFile(Vfs vfs, boolean realTime, int flags) {
    super(vfs.anonymous().shared(), OpenFlag.O_RDWR | flags & TFD_NONBLOCK);
    this.vfs = vfs;
    this.realTime = realTime;
  }

  @Override
  public String path() {
    return "anon_inode:[timerfd]";
  }

  /**
   * Sets the timer.
   *
   * @param value first expiration in nanoseconds, 0 to disarm; beyond what a long can count: never
   * @param period nanoseconds between expirations, 0 for one only
   */
  public void set(Caller c, boolean absolute, long value, long period) {
    vfs.timers().cancel(timer);
    expired = false;
    interval = period;
    if (value == 0) {
      return;
    }
    long now = c.now();
    if (!absolute) {
      due = saturated(now, value);
    } else {
      due = realTime ? saturated(now, value - vfs.clock().realtimeNanos()) : value;
    }
    vfs.timers().arm(timer, due);
    if (due <= now) {
      vfs.timers().expire(now);
    }
  }

  private static long saturated(long from, long nanos) {
    long sum = from + nanos;
    return nanos > 0 && sum < from ? Long.MAX_VALUE : sum;
  }

  /** Nanoseconds until the next expiration; 0 if the timer is not set. */
  public long left(Caller c) {
    long now = c.now();
    if (timer.isArmed()) {
      return Math.max(1, timer.deadline() - now);
    }
    if (expired && interval != 0) {
      return interval - (now - due) % interval;
    }
    return 0;
  }

  /** Nanoseconds between expirations. */
  public long interval() {
    return interval;
  }

  @Override
  public long read(Caller c, IoBuffer to) {
    if (to.remaining() < Long.BYTES) {
      return -Errno.EINVAL;
    }
    long now = c.now();
    if (!expired && timer.isArmed() && timer.deadline() <= now) {
      vfs.timers().cancel(timer);
      expired = true;
    }
    if (!expired) {
      return isNonBlocking() ? -Errno.EAGAIN : c.sleepOn(readable);
    }
    long times = interval == 0 ? 1 : Math.max(0, now - due) / interval + 1;
    LittleEndian.putLong(value, 0, times);
    to.put(value, 0, Long.BYTES);
    expired = false;
    if (interval != 0) {
      due += times * interval;
      vfs.timers().arm(timer, due);
    }
    return Long.BYTES;
  }

  @Override
  public int poll(PollTable table) {
    if (table != null) {
      table.add(readable, PollEvent.READABLE);
    }
    return expired ? PollEvent.READABLE : 0;
  }

  @Override
  protected void release() {
    vfs.timers().cancel(timer);
  }
}
