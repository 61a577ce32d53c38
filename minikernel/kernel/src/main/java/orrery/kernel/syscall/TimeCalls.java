package orrery.kernel.syscall;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.Signal;
import orrery.kernel.memory.AddressSpace;
import orrery.kernel.task.Clocks;
import orrery.kernel.task.CountdownTimer;
import orrery.kernel.task.IntervalTimers;
import orrery.kernel.task.PosixTimer;
import orrery.kernel.task.Process;
import orrery.kernel.task.Signals;
import orrery.kernel.task.Task;
import orrery.kernel.wait.Caller;

/** Clocks, sleeping and timers. The machine's time is not the guest's to set. */
final class TimeCalls {
  private static final int TIMER_ABSTIME = 1;

  /** Resolution of the coarse clocks in nanoseconds: a tick at 250 Hz. */
  private static final long COARSE_RESOLUTION = 4_000_000;

  /** Nanoseconds in a tick of the clock that times(2) counts (USER_HZ = 100). */
  private static final long NANOS_PER_TICK = 10_000_000;

  // struct sigevent
  private static final int EVENT_VALUE = 0;
  private static final int EVENT_SIGNAL = 8;
  private static final int EVENT_NOTIFY = 12;
  private static final int EVENT_THREAD = 16;
  private static final int SIGEV_SIGNAL = 0;
  private static final int SIGEV_NONE = 1;
  private static final int SIGEV_THREAD = 2;
  private static final int SIGEV_THREAD_ID = 4;

  // struct timex
  private static final int TIMEX_SIZE = 208;
  private static final int TIMEX_STATUS = 40;
  private static final int TIMEX_TIME = 72;
  private static final int TIMEX_TICK = 88;
  private static final int STA_UNSYNC = 0x40;
  private static final int TIME_ERROR = 5;
  private static final long TICK_MICROS = 10_000;

  private final Signals signals;

  TimeCalls(Signals signals) {
    this.signals = signals;
  }

  long clockGetTime(Task t, int clock, long time) {
    long now = Clocks.now(t, clock);
    if (now == Clocks.NO_CLOCK) {
      return -Errno.EINVAL;
    }
    TimeSpec.write(t.memory(), time, now);
    return 0;
  }

  long clockGetResolution(Task t, int clock, long resolution) {
    if (Clocks.now(t, clock) == Clocks.NO_CLOCK) {
      return -Errno.EINVAL;
    }
    boolean coarse = clock == Clocks.REALTIME_COARSE || clock == Clocks.MONOTONIC_COARSE;
    if (resolution != 0) {
      TimeSpec.write(t.memory(), resolution, coarse ? COARSE_RESOLUTION : 1);
    }
    return 0;
  }

  long clockSetTime(Task t, int clock, long time) {
    TimeSpec.read(t.memory(), time);
    return clock == Clocks.REALTIME ? -Errno.EPERM : -Errno.EINVAL;
  }

  long nanosleep(Task t, long request, long remaining) {
    return clockNanosleep(t, Clocks.MONOTONIC, 0, request, remaining);
  }

  long clockNanosleep(Task t, int clock, int flags, long request, long remaining) {
    boolean absolute = (flags & TIMER_ABSTIME) != 0;
    if (!t.restarted()) {
      if (clock == Clocks.THREAD_CPUTIME_ID || Clocks.now(t, clock) == Clocks.NO_CLOCK) {
        return -Errno.EINVAL;
      }
      if (!Clocks.hasTimers(clock)) {
        return -Errno.EOPNOTSUPP;
      }
      long time = TimeSpec.read(t.memory(), request);
      t.deadlineOnce(absolute ? Clocks.machineTime(t, clock, time) : TimeSpec.after(t.now(), time));
    }
    if (t.timedOut()) {
      return 0;
    }
    if (absolute) {
      return t.sleep(Errno.ERESTARTNOHAND);
    }
    long result = t.sleep(Errno.ERESTART_RESTARTBLOCK);
    if (result != Caller.BLOCKED && remaining != 0) {
      TimeSpec.write(t.memory(), remaining, Math.max(t.deadline() - t.now(), 0));
    }
    return result;
  }

  long getTimeOfDay(Task t, long time, long zone) {
    if (time != 0) {
      TimeSpec.writeTimeVal(t.memory(), time, Clocks.now(t, Clocks.REALTIME));
    }
    if (zone != 0) {
      t.memory().writeLong(zone, 0); // two ints: no offset, no summer time
    }
    return 0;
  }

  long setTimeOfDay(Task t, long time) {
    if (time != 0) {
      TimeSpec.readTimeVal(t.memory(), time);
    }
    return -Errno.EPERM;
  }

  /** All processor time is reported as user time. */
  long times(Task t, long buffer) {
    t.scheduler().chargeRunning();
    if (buffer != 0) {
      AddressSpace m = t.memory();
      Process p = t.process();
      m.writeLong(buffer, p.runNanos() / NANOS_PER_TICK);
      m.writeLong(buffer + 8, 0);
      m.writeLong(buffer + 16, p.childrenNanos() / NANOS_PER_TICK);
      m.writeLong(buffer + 24, 0);
    }
    return t.now() / NANOS_PER_TICK;
  }

  /** adjtimex(2): the clock cannot be adjusted, and does not know whether it is right. */
  long adjustTime(Task t, long timex) {
    AddressSpace m = t.memory();
    if (m.readInt(timex) != 0) {
      return -Errno.EPERM;
    }
    for (int i = 0; i < TIMEX_SIZE; i += Long.BYTES) {
      m.writeLong(timex + i, 0);
    }
    m.writeInt(timex + TIMEX_STATUS, STA_UNSYNC);
    m.writeLong(timex + TIMEX_TICK, TICK_MICROS);
    TimeSpec.writeTimeVal(m, timex + TIMEX_TIME, Clocks.now(t, Clocks.REALTIME));
    return TIME_ERROR;
  }

  long clockAdjustTime(Task t, int clock, long timex) {
    return clock == Clocks.REALTIME ? adjustTime(t, timex) : -Errno.EOPNOTSUPP;
  }

  long getIntervalTimer(Task t, int which, long value) {
    if (!IntervalTimers.isValid(which)) {
      return -Errno.EINVAL;
    }
    IntervalTimers timers = t.process().signals().intervalTimers();
    TimeSpec.writeTimeVal(t.memory(), value, timers.interval(which));
    TimeSpec.writeTimeVal(t.memory(), value + TimeSpec.SIZE, timers.remaining(which));
    return 0;
  }

  long setIntervalTimer(Task t, int which, long value, long old) {
    if (!IntervalTimers.isValid(which)) {
      return -Errno.EINVAL;
    }
    AddressSpace m = t.memory();
    IntervalTimers timers = t.process().signals().intervalTimers();
    long interval = 0;
    long first = 0;
    if (value != 0) {
      interval = TimeSpec.readTimeVal(m, value);
      first = TimeSpec.readTimeVal(m, value + TimeSpec.SIZE);
    }
    long oldInterval = timers.interval(which);
    long oldRemaining = timers.remaining(which);
    timers.set(t, signals, which, first, interval);
    if (old != 0) {
      TimeSpec.writeTimeVal(m, old, oldInterval);
      TimeSpec.writeTimeVal(m, old + TimeSpec.SIZE, oldRemaining);
    }
    return 0;
  }

  long timerCreate(Task t, int clock, long event, long id) {
    CountdownTimer.Base base = CountdownTimer.Base.MACHINE_TIME;
    Task subject = t;
    if (!Clocks.hasTimers(clock)) {
      if (Clocks.isProcessTime(clock)) {
        Process p = Clocks.processOf(t, clock);
        subject = p == null ? null : p.leader();
        base = CountdownTimer.Base.PROCESS_TIME;
      } else {
        subject = Clocks.threadOf(t, clock);
        base = CountdownTimer.Base.THREAD_TIME;
      }
    }
    if (subject == null) {
      return Clocks.now(t, clock) == Clocks.NO_CLOCK ? -Errno.EINVAL : -Errno.EOPNOTSUPP;
    }
    AddressSpace m = t.memory();
    int signal = Signal.SIGALRM;
    int notify = SIGEV_SIGNAL;
    long value = 0;
    Task receiver = null;
    if (event != 0) {
      value = m.readLong(event + EVENT_VALUE);
      signal = m.readInt(event + EVENT_SIGNAL);
      notify = m.readInt(event + EVENT_NOTIFY);
      if ((notify & SIGEV_THREAD_ID) != 0) {
        receiver = t.process().table().task(m.readInt(event + EVENT_THREAD));
        if (receiver == null || receiver.process() != t.process()) {
          return -Errno.EINVAL;
        }
      }
    }
    switch (notify) {
      case SIGEV_NONE -> signal = 0;
      case SIGEV_SIGNAL, SIGEV_THREAD, SIGEV_THREAD_ID -> {
        if (!Signal.isValid(signal)) {
          return -Errno.EINVAL;
        }
      }
      default -> {
        return -Errno.EINVAL;
      }
    }
    m.writeInt(id, 0); // a bad pointer is found before there is a timer
    PosixTimer timer =
        t.process()
            .signals()
            .posixTimers()
            .create(subject, signals, clock, base, signal, value, event == 0, receiver);
    if (timer == null) {
      return -Errno.EAGAIN;
    }
    m.writeInt(id, timer.id());
    return 0;
  }

  long timerGetTime(Task t, int id, long value) {
    PosixTimer timer = t.process().signals().posixTimers().timer(id);
    if (timer == null) {
      return -Errno.EINVAL;
    }
    TimeSpec.write(t.memory(), value, timer.interval());
    TimeSpec.write(t.memory(), value + TimeSpec.SIZE, timer.remaining());
    return 0;
  }

  long timerGetOverrun(Task t, int id) {
    PosixTimer timer = t.process().signals().posixTimers().timer(id);
    return timer == null ? -Errno.EINVAL : timer.overrun();
  }

  long timerSetTime(Task t, int id, int flags, long value, long old) {
    AddressSpace m = t.memory();
    if (value == 0) {
      return -Errno.EINVAL;
    }
    long interval = TimeSpec.read(m, value);
    long first = TimeSpec.read(m, value + TimeSpec.SIZE);
    PosixTimer timer = t.process().signals().posixTimers().timer(id);
    if (timer == null) {
      return -Errno.EINVAL;
    }
    long oldInterval = timer.interval();
    long oldRemaining = timer.remaining();
    if (first == 0) {
      timer.stop();
    } else {
      boolean absolute = (flags & TIMER_ABSTIME) != 0;
      timer.restart(
          absolute ? baseTime(t, timer, first) : TimeSpec.after(timer.now(), first), interval);
    }
    if (old != 0) {
      TimeSpec.write(m, old, oldInterval);
      TimeSpec.write(m, old + TimeSpec.SIZE, oldRemaining);
    }
    return 0;
  }

  /** The time of the timer's base when its clock shows {@code time}. */
  private static long baseTime(Task t, PosixTimer timer, long time) {
    return Clocks.hasTimers(timer.clock()) ? Clocks.machineTime(t, timer.clock(), time) : time;
  }

  long timerDelete(Task t, int id) {
    return t.process().signals().posixTimers().delete(id) ? 0 : -Errno.EINVAL;
  }
}
