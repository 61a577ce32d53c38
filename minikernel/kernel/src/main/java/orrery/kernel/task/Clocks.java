package orrery.kernel.task;

/**
 * The clocks that programs can name. Monotonic clocks show machine time. See clock_gettime(2).
 *
 * <p>Source: Linux {@code include/uapi/linux/time.h}, {@code include/linux/posix-timers_types.h}
 * (the encoding of other processes' clocks).
 */
public final class Clocks {
  public static final int REALTIME = 0;
  public static final int MONOTONIC = 1;
  public static final int PROCESS_CPUTIME_ID = 2;
  public static final int THREAD_CPUTIME_ID = 3;
  public static final int MONOTONIC_RAW = 4;
  public static final int REALTIME_COARSE = 5;
  public static final int MONOTONIC_COARSE = 6;
  public static final int BOOTTIME = 7;
  public static final int REALTIME_ALARM = 8;
  public static final int BOOTTIME_ALARM = 9;
  public static final int TAI = 11;

  /** What {@link #now} answers for a clock that does not exist: EINVAL's place. */
  public static final long NO_CLOCK = Long.MIN_VALUE;

  // A negative number: ~pid in bits 31:3, bit 2 a thread's, bits 1:0 the kind, 3 a descriptor's.
  private static final int PID_SHIFT = 3;
  private static final int PER_THREAD = 4;
  private static final int KIND = 3;
  private static final int KIND_DESCRIPTOR = 3;

  private Clocks() {}

  /**
   * What {@code clock} shows thread {@code t}, in nanoseconds; {@link #NO_CLOCK} if there is no
   * such clock.
   */
  public static long now(Task t, int clock) {
    Scheduler s = t.scheduler();
    return switch (clock) {
      case MONOTONIC, MONOTONIC_RAW, MONOTONIC_COARSE, BOOTTIME, BOOTTIME_ALARM -> s.now();
      case REALTIME, REALTIME_COARSE, REALTIME_ALARM, TAI -> s.clock().realtimeNanos();
      default -> processorTime(t, clock);
    };
  }

  /** True for a clock that shows real time. */
  public static boolean isRealTime(int clock) {
    return clock == REALTIME || clock == REALTIME_COARSE || clock == REALTIME_ALARM || clock == TAI;
  }

  /** True for a clock that can be slept on and that timers can use, processor time apart. */
  public static boolean hasTimers(int clock) {
    return switch (clock) {
      case REALTIME, MONOTONIC, BOOTTIME, REALTIME_ALARM, BOOTTIME_ALARM, TAI -> true;
      default -> false;
    };
  }

  /** The machine time at which {@code clock}, one with timers, will show {@code time}. */
  public static long machineTime(Task t, int clock, long time) {
    if (!isRealTime(clock)) {
      return time;
    }
    Scheduler s = t.scheduler();
    long ahead = time - s.clock().realtimeNanos();
    return ahead <= 0 ? 0 : CountdownTimer.saturatedAdd(s.now(), ahead);
  }

  private static long processorTime(Task t, int clock) {
    t.scheduler().chargeRunning();
    if (isProcessTime(clock)) {
      Process p = processOf(t, clock);
      return p == null ? NO_CLOCK : p.runNanos();
    }
    Task subject = threadOf(t, clock);
    return subject == null ? NO_CLOCK : subject.runNanos();
  }

  /** True for a clock of a whole process's processor time, whether that process exists or not. */
  public static boolean isProcessTime(int clock) {
    return clock == PROCESS_CPUTIME_ID
        || clock < 0 && (clock & PER_THREAD) == 0 && (clock & KIND) != KIND_DESCRIPTOR;
  }

  /** The process whose time {@code clock} shows; null if there is none. */
  public static Process processOf(Task t, int clock) {
    int pid = clock < 0 ? ~(clock >> PID_SHIFT) : 0;
    return pid == 0 ? t.process() : t.process().table().process(pid);
  }

  /** The thread of the caller's process whose time {@code clock} shows; null if there is none. */
  public static Task threadOf(Task t, int clock) {
    if (clock == THREAD_CPUTIME_ID) {
      return t;
    }
    if (clock >= 0 || (clock & PER_THREAD) == 0 || (clock & KIND) == KIND_DESCRIPTOR) {
      return null;
    }
    int tid = ~(clock >> PID_SHIFT);
    Task other = tid == 0 ? t : t.process().table().task(tid);
    return other != null && other.process() == t.process() ? other : null;
  }
}
