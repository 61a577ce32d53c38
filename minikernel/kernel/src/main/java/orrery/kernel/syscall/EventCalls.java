package orrery.kernel.syscall;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.abi.OpenFlag;
import orrery.kernel.fs.OpenFile;
import orrery.kernel.fs.Vfs;
import orrery.kernel.fs.event.Epoll;
import orrery.kernel.fs.event.EventFile;
import orrery.kernel.fs.event.TimerFile;
import orrery.kernel.memory.AddressSpace;
import orrery.kernel.task.Clocks;
import orrery.kernel.task.Task;

/** epoll, eventfd, timerfd and signalfd. */
public final class EventCalls {
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final int EPOLL_CLOEXEC = OpenFlag.O_CLOEXEC;
  private static final int SFD_FLAGS = OpenFlag.O_CLOEXEC | OpenFlag.O_NONBLOCK;

  private final Vfs vfs;

  /** The calls on the files of {@code vfs}. */
  public EventCalls(Vfs vfs) {
    this.vfs = vfs;
  }

  /** epoll_create1(2). */
  public long epollCreate(Task t, int flags) {
    if ((flags & ~EPOLL_CLOEXEC) != 0) {
      return -Errno.EINVAL;
    }
    return t.files().install(new Epoll(vfs), flags != 0);
  }

  /** epoll_ctl(2). */
  public long epollControl(Task t, int epfd, int operation, int fd, long event) {
    int events = 0;
    long data = 0;
    if (operation != Epoll.EPOLL_CTL_DEL) {
      events = t.memory().readInt(event);
      data = t.memory().readLong(event + Epoll.EVENT_DATA);
    }
    OpenFile instance = t.files().get(epfd);
    OpenFile file = t.files().get(fd);
    if (!file.isPollable()) {
      return -Errno.EPERM;
    }
    if (!(instance instanceof Epoll epoll)) {
      return -Errno.EINVAL;
    }
    return epoll.control(operation, fd, file, events, data);
  }

  /** epoll_pwait(2); the time-out is in milliseconds, negative for none. */
  public long epollWait(
      Task t, int epfd, long events, int most, int timeout, long mask, long maskSize) {
    if (!t.restarted()) {
      if (timeout >= 0) {
        t.deadlineOnce(TimeSpec.after(t.now(), timeout * NANOS_PER_MILLI));
      }
      long bad = PollCalls.setMask(t, mask, maskSize);
      if (bad != 0) {
        return bad;
      }
    }
    return t.signals().endTemporaryMask(await(t, epfd, events, most));
  }

  /** epoll_pwait2(2); the time-out is a timespec. */
  public long epollWait2(
      Task t, int epfd, long events, int most, long timeout, long mask, long maskSize) {
    if (!t.restarted()) {
      PollCalls.setDeadline(t, timeout);
      long bad = PollCalls.setMask(t, mask, maskSize);
      if (bad != 0) {
        return bad;
      }
    }
    return t.signals().endTemporaryMask(await(t, epfd, events, most));
  }

  private static long await(Task t, int epfd, long events, int most) {
    if (most <= 0 || most > Integer.MAX_VALUE / Epoll.EVENT_SIZE) {
      return -Errno.EINVAL;
    }
    OpenFile f = t.files().peek(epfd);
    if (f == null || f.isPathOnly()) {
      return -Errno.EBADF;
    }
    if (!(f instanceof Epoll epoll)) {
      return -Errno.EINVAL;
    }
    int told;
    try {
      told = epoll.collect(t.memory(), events, most);
    } catch (ErrnoException e) {
      return -e.errno();
    }
    if (told > 0 || t.timedOut()) {
      return told;
    }
    t.add(epoll.waiters());
    return t.sleep(Errno.EINTR);
  }

  /** eventfd2(2). */
  public long eventfd(Task t, int count, int flags) {
    int known = EventFile.EFD_SEMAPHORE | EventFile.EFD_CLOEXEC | EventFile.EFD_NONBLOCK;
    if ((flags & ~known) != 0) {
      return -Errno.EINVAL;
    }
    EventFile f = new EventFile(vfs, count, flags);
    return t.files().install(f, (flags & EventFile.EFD_CLOEXEC) != 0);
  }

  /** timerfd_create(2). */
  public long timerfdCreate(Task t, int clock, int flags) {
    boolean known =
        switch (clock) {
          case Clocks.REALTIME,
              Clocks.MONOTONIC,
              Clocks.BOOTTIME,
              Clocks.REALTIME_ALARM,
              Clocks.BOOTTIME_ALARM ->
              true;
          default -> false;
        };
    if (!known || (flags & ~(TimerFile.TFD_CLOEXEC | TimerFile.TFD_NONBLOCK)) != 0) {
      return -Errno.EINVAL;
    }
    boolean alarm = clock == Clocks.REALTIME_ALARM || clock == Clocks.BOOTTIME_ALARM;
    if (alarm && t.uid() != 0) {
      return -Errno.EPERM;
    }
    TimerFile f = new TimerFile(vfs, Clocks.isRealTime(clock), flags);
    return t.files().install(f, (flags & TimerFile.TFD_CLOEXEC) != 0);
  }

  private static TimerFile timer(Task t, int fd) {
    if (t.files().get(fd) instanceof TimerFile f) {
      return f;
    }
    throw ErrnoException.of(Errno.EINVAL);
  }

  /** timerfd_settime(2). */
  public long timerfdSet(Task t, int fd, int flags, long value, long old) {
    AddressSpace m = t.memory();
    long interval = TimeSpec.read(m, value);
    long first = TimeSpec.read(m, value + TimeSpec.SIZE);
    if ((flags & ~(TimerFile.TFD_TIMER_ABSTIME | TimerFile.TFD_TIMER_CANCEL_ON_SET)) != 0) {
      return -Errno.EINVAL;
    }
    TimerFile f = timer(t, fd);
    long left = f.left(t);
    long oldInterval = f.interval();
    f.set(t, (flags & TimerFile.TFD_TIMER_ABSTIME) != 0, first, interval);
    if (old != 0) {
      TimeSpec.write(m, old, oldInterval);
      TimeSpec.write(m, old + TimeSpec.SIZE, left);
    }
    return 0;
  }

  /** timerfd_gettime(2). */
  public long timerfdGet(Task t, int fd, long value) {
    TimerFile f = timer(t, fd);
    TimeSpec.write(t.memory(), value, f.interval());
    TimeSpec.write(t.memory(), value + TimeSpec.SIZE, f.left(t));
    return 0;
  }

  /** signalfd4(2). */
  public long signalfd(Task t, int fd, long mask, long maskSize, int flags) {
    if (maskSize != PollCalls.SIGNAL_SET_SIZE || (flags & ~SFD_FLAGS) != 0) {
      return -Errno.EINVAL;
    }
    long wanted = t.memory().readLong(mask);
    if (fd != -1) {
      if (!(t.files().get(fd) instanceof SignalFile f)) {
        return -Errno.EINVAL;
      }
      f.wanted(wanted);
      return fd;
    }
    SignalFile f = new SignalFile(vfs, t, wanted, flags);
    return t.files().install(f, (flags & OpenFlag.O_CLOEXEC) != 0);
  }
}
