package orrery.kernel.syscall;

import orrery.kernel.abi.Errno;
import orrery.kernel.task.Process;
import orrery.kernel.task.ProcessTable;
import orrery.kernel.task.Scheduler;
import orrery.kernel.task.Task;

/**
 * Scheduling policy and priority. One first-in first-out queue serves all: policies are checked,
 * kept where Linux would keep them and have no further effect.
 */
final class ScheduleCalls {
  // Policies, include/uapi/linux/sched.h
  private static final int SCHED_OTHER = 0;
  private static final int SCHED_FIFO = 1;
  private static final int SCHED_RR = 2;
  private static final int SCHED_BATCH = 3;
  private static final int SCHED_IDLE = 5;
  private static final int RESET_ON_FORK = 0x40000000;
  private static final int MAX_RT_PRIORITY = 99;
  private static final long RR_INTERVAL_NANOS = 100_000_000;

  /** Bytes of a processor mask: one long. */
  private static final int MASK_SIZE = 8;

  private static final long ONE_CPU = 1;

  // which of getpriority, include/uapi/linux/resource.h
  private static final int PRIO_PROCESS = 0;
  private static final int PRIO_PGRP = 1;
  private static final int PRIO_USER = 2;

  private final ProcessTable table;
  private final Scheduler scheduler;

  ScheduleCalls(ProcessTable table, Scheduler scheduler) {
    this.table = table;
    this.scheduler = scheduler;
  }

  long yield(Task t) {
    scheduler.yield();
    return 0;
  }

  long getScheduler(Task t, int tid) {
    if (tid < 0) {
      return -Errno.EINVAL;
    }
    return find(t, tid) == null ? -Errno.ESRCH : SCHED_OTHER;
  }

  long setScheduler(Task t, int tid, int policy, long parameter) {
    if (tid < 0 || parameter == 0) {
      return -Errno.EINVAL;
    }
    if (find(t, tid) == null) {
      return -Errno.ESRCH;
    }
    int priority = t.memory().readInt(parameter);
    int min = (int) priorityMin(policy & ~RESET_ON_FORK);
    if (min < 0 || priority < min || priority > priorityMax(policy & ~RESET_ON_FORK)) {
      return -Errno.EINVAL;
    }
    if (min > 0 && !t.process().credentials().isPrivileged()) {
      return -Errno.EPERM;
    }
    return 0;
  }

  long getParameter(Task t, int tid, long parameter) {
    if (tid < 0 || parameter == 0) {
      return -Errno.EINVAL;
    }
    if (find(t, tid) == null) {
      return -Errno.ESRCH;
    }
    t.memory().writeInt(parameter, 0);
    return 0;
  }

  long setParameter(Task t, int tid, long parameter) {
    return setScheduler(t, tid, SCHED_OTHER, parameter);
  }

  long priorityMin(int policy) {
    return switch (policy) {
      case SCHED_OTHER, SCHED_BATCH, SCHED_IDLE -> 0;
      case SCHED_FIFO, SCHED_RR -> 1;
      default -> -Errno.EINVAL;
    };
  }

  long priorityMax(int policy) {
    return switch (policy) {
      case SCHED_OTHER, SCHED_BATCH, SCHED_IDLE -> 0;
      case SCHED_FIFO, SCHED_RR -> MAX_RT_PRIORITY;
      default -> -Errno.EINVAL;
    };
  }

  long roundRobinInterval(Task t, int tid, long interval) {
    if (tid < 0) {
      return -Errno.EINVAL;
    }
    if (find(t, tid) == null) {
      return -Errno.ESRCH;
    }
    t.memory().writeLong(interval, 0);
    t.memory().writeLong(interval + 8, RR_INTERVAL_NANOS);
    return 0;
  }

  long getAffinity(Task t, int tid, int size, long mask) {
    if (size < MASK_SIZE || size % MASK_SIZE != 0) {
      return -Errno.EINVAL;
    }
    if (find(t, tid) == null) {
      return -Errno.ESRCH;
    }
    t.memory().writeLong(mask, ONE_CPU);
    return MASK_SIZE;
  }

  long setAffinity(Task t, int tid, int size, long mask) {
    if (find(t, tid) == null) {
      return -Errno.ESRCH;
    }
    long wanted = 0;
    for (int i = 0; i < Math.min(size, MASK_SIZE); i++) {
      wanted |= (t.memory().readByte(mask + i) & 0xffL) << 8 * i;
    }
    return (wanted & ONE_CPU) == 0 ? -Errno.EINVAL : 0;
  }

  long getPriority(Task t, int which, int who) {
    int best = -1;
    for (Process p = table.next(1); p != null; p = table.next(p.pid() + 1)) {
      if (concerns(t, p, which, who)) {
        best = Math.max(best, 20 - p.nice());
      }
    }
    return which < PRIO_PROCESS || which > PRIO_USER
        ? -Errno.EINVAL
        : best < 0 ? -Errno.ESRCH : best;
  }

  long setPriority(Task t, int which, int who, int nice) {
    if (which < PRIO_PROCESS || which > PRIO_USER) {
      return -Errno.EINVAL;
    }
    long result = -Errno.ESRCH;
    for (Process p = table.next(1); p != null; p = table.next(p.pid() + 1)) {
      if (!concerns(t, p, which, who)) {
        continue;
      }
      if (nice < p.nice() && !t.process().credentials().isPrivileged()) {
        result = -Errno.EACCES;
      } else {
        p.nice(nice);
        if (result == -Errno.ESRCH) {
          result = 0;
        }
      }
    }
    return result;
  }

  private static boolean concerns(Task t, Process p, int which, int who) {
    return switch (which) {
      case PRIO_PROCESS -> p.pid() == (who == 0 ? t.process().pid() : who);
      case PRIO_PGRP -> p.group().id() == (who == 0 ? t.process().group().id() : who);
      case PRIO_USER ->
          p.credentials().realUid() == (who == 0 ? t.process().credentials().realUid() : who);
      default -> false;
    };
  }

  /** The thread {@code tid}, 0 for the caller; null if there is none. */
  private Task find(Task t, int tid) {
    return tid == 0 ? t : table.task(tid);
  }
}
