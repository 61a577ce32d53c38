package orrery.kernel.task;

import orrery.kernel.memory.MemoryLimits;

/** Resource limits, soft and hard. Source: {@code include/uapi/asm-generic/resource.h}. */
public final class Limits implements MemoryLimits {
  public static final int CPU = 0;
  public static final int FSIZE = 1;
  public static final int DATA = 2;
  public static final int STACK = 3;
  public static final int CORE = 4;
  public static final int RSS = 5;
  public static final int NPROC = 6;
  public static final int NOFILE = 7;
  public static final int MEMLOCK = 8;
  public static final int AS = 9;
  public static final int LOCKS = 10;
  public static final int SIGPENDING = 11;
  public static final int MSGQUEUE = 12;
  public static final int NICE = 13;
  public static final int RTPRIO = 14;
  public static final int RTTIME = 15;
  public static final int COUNT = 16;

  public static final long INFINITY = -1;

  private final long[] soft = new long[COUNT];
  private final long[] hard = new long[COUNT];

  Limits(int maxThreads) {
    for (int i = 0; i < COUNT; i++) {
      set(i, INFINITY, INFINITY);
    }
    set(STACK, 8 << 20, INFINITY);
    set(CORE, 0, INFINITY);
    set(NPROC, maxThreads / 2, maxThreads / 2);
    set(NOFILE, 1024, 4096);
    set(MEMLOCK, 8 << 20, 8 << 20);
    set(SIGPENDING, maxThreads / 2, maxThreads / 2);
    set(MSGQUEUE, 819200, 819200);
    set(NICE, 0, 0);
    set(RTPRIO, 0, 0);
  }

  private Limits(Limits from) {
    System.arraycopy(from.soft, 0, soft, 0, COUNT);
    System.arraycopy(from.hard, 0, hard, 0, COUNT);
  }

  Limits copy() {
    return new Limits(this);
  }

  /** The soft limit of {@code resource}; {@link #INFINITY} (all ones) if there is none. */
  @Override
  public long soft(int resource) {
    return soft[resource];
  }

  public long hard(int resource) {
    return hard[resource];
  }

  public void set(int resource, long softLimit, long hardLimit) {
    soft[resource] = softLimit;
    hard[resource] = hardLimit;
  }

  /** True if {@code amount} is above the soft limit of {@code resource}. */
  public boolean exceeds(int resource, long amount) {
    return Long.compareUnsigned(amount, soft[resource]) > 0;
  }
}
