package orrery.kernel.syscall;

import orrery.kernel.abi.Errno;
import orrery.kernel.task.Clocks;
import orrery.kernel.task.Futexes;
import orrery.kernel.task.ProcessTable;
import orrery.kernel.task.Task;
import orrery.kernel.wait.Caller;

/** futex(2) and what threads leave for their end. */
final class FutexCalls {
  // include/uapi/linux/futex.h
  private static final int WAIT = 0;
  private static final int WAKE = 1;
  private static final int REQUEUE = 3;
  private static final int CMP_REQUEUE = 4;
  private static final int WAKE_OP = 5;
  private static final int LOCK_PI = 6;
  private static final int UNLOCK_PI = 7;
  private static final int TRYLOCK_PI = 8;
  private static final int WAIT_BITSET = 9;
  private static final int WAKE_BITSET = 10;
  private static final int LOCK_PI2 = 13;
  private static final int PRIVATE_FLAG = 128;
  private static final int CLOCK_REALTIME_FLAG = 256;

  // The operation of WAKE_OP: op 31:28, cmp 27:24, oparg 23:12, cmparg 11:0
  private static final int OP_SET = 0;
  private static final int OP_ADD = 1;
  private static final int OP_OR = 2;
  private static final int OP_ANDN = 3;
  private static final int OP_XOR = 4;
  private static final int OPARG_SHIFT = 8;
  private static final int CMP_EQ = 0;
  private static final int CMP_NE = 1;
  private static final int CMP_LT = 2;
  private static final int CMP_LE = 3;
  private static final int CMP_GT = 4;
  private static final int CMP_GE = 5;

  /** {@code sizeof(struct robust_list_head)}. */
  private static final int ROBUST_LIST_HEAD_SIZE = 24;

  private final ProcessTable table;
  private final Futexes futexes;

  FutexCalls(ProcessTable table, Futexes futexes) {
    this.table = table;
    this.futexes = futexes;
  }

  /**
   * futex(2).
   *
   * @param timeout a time, or for requeue and WAKE_OP a number
   */
  long futex(
      Task t, long address, int operation, int value, long timeout, long address2, int value3) {
    int command = operation & ~(PRIVATE_FLAG | CLOCK_REALTIME_FLAG);
    boolean shared = (operation & PRIVATE_FLAG) == 0;
    boolean realTime = (operation & CLOCK_REALTIME_FLAG) != 0;
    if (realTime && command != WAIT && command != WAIT_BITSET && command != LOCK_PI2) {
      return -Errno.ENOSYS;
    }
    if ((address & 3) != 0) {
      return -Errno.EINVAL;
    }
    return switch (command) {
      case WAIT -> {
        relativeDeadline(t, timeout);
        yield await(t, address, shared, value, Futexes.ANY);
      }
      case WAIT_BITSET -> {
        if (value3 == 0) {
          yield -Errno.EINVAL;
        }
        absoluteDeadline(t, timeout, realTime);
        yield await(t, address, shared, value, value3);
      }
      case WAKE -> futexes.wake(t, address, shared, Math.max(value, 1), Futexes.ANY);
      case WAKE_BITSET ->
          value3 == 0
              ? -Errno.EINVAL
              : futexes.wake(t, address, shared, Math.max(value, 1), value3);
      case REQUEUE -> requeue(t, address, address2, shared, value, (int) timeout);
      case CMP_REQUEUE ->
          t.memory().readInt(address) != value3
              ? -Errno.EAGAIN
              : requeue(t, address, address2, shared, value, (int) timeout);
      case WAKE_OP -> wakeOp(t, address, address2, shared, value, (int) timeout, value3);
      case LOCK_PI -> {
        absoluteDeadline(t, timeout, true);
        yield futexes.lock(t, address, shared, true);
      }
      case LOCK_PI2 -> {
        absoluteDeadline(t, timeout, realTime);
        yield futexes.lock(t, address, shared, true);
      }
      case TRYLOCK_PI -> futexes.lock(t, address, shared, false);
      case UNLOCK_PI -> futexes.unlock(t, address, shared);
      default -> -Errno.ENOSYS;
    };
  }

  private static void relativeDeadline(Task t, long timeout) {
    if (timeout != 0 && !t.restarted()) {
      t.deadlineOnce(TimeSpec.after(t.now(), TimeSpec.read(t.memory(), timeout)));
    }
  }

  private static void absoluteDeadline(Task t, long timeout, boolean realTime) {
    if (timeout != 0 && !t.restarted()) {
      long time = TimeSpec.read(t.memory(), timeout);
      int clock = realTime ? Clocks.REALTIME : Clocks.MONOTONIC;
      t.deadlineOnce(Clocks.machineTime(t, clock, time));
    }
  }

  private long await(Task t, long address, boolean shared, int value, int bitset) {
    int interrupted =
        t.deadline() == Caller.NEVER ? Errno.ERESTARTSYS : Errno.ERESTART_RESTARTBLOCK;
    return futexes.await(t, address, shared, value, bitset, interrupted);
  }

  private long requeue(Task t, long from, long to, boolean shared, int wake, int move) {
    if (wake < 0 || move < 0 || (to & 3) != 0) {
      return -Errno.EINVAL;
    }
    return futexes.requeue(t, from, to, shared, wake, move);
  }

  private long wakeOp(
      Task t, long address, long address2, boolean shared, int wake, int wake2, int encoded) {
    if ((address2 & 3) != 0) {
      return -Errno.EINVAL;
    }
    int operation = encoded >>> 28;
    int argument = encoded << 8 >> 20;
    if ((operation & OPARG_SHIFT) != 0) {
      argument = 1 << (argument & 31);
    }
    int old = t.memory().readInt(address2);
    int changed;
    switch (operation & ~OPARG_SHIFT) {
      case OP_SET -> changed = argument;
      case OP_ADD -> changed = old + argument;
      case OP_OR -> changed = old | argument;
      case OP_ANDN -> changed = old & ~argument;
      case OP_XOR -> changed = old ^ argument;
      default -> {
        return -Errno.ENOSYS;
      }
    }
    int comparison = encoded >>> 24 & 15;
    if (comparison > CMP_GE) {
      return -Errno.ENOSYS;
    }
    t.memory().writeInt(address2, changed);
    long woken = futexes.wake(t, address, shared, Math.max(wake, 1), Futexes.ANY);
    if (compares(comparison, old, encoded << 20 >> 20)) {
      woken += futexes.wake(t, address2, shared, Math.max(wake2, 1), Futexes.ANY);
    }
    return woken;
  }

  private static boolean compares(int comparison, int old, int argument) {
    return switch (comparison) {
      case CMP_EQ -> old == argument;
      case CMP_NE -> old != argument;
      case CMP_LT -> old < argument;
      case CMP_LE -> old <= argument;
      case CMP_GT -> old > argument;
      default -> old >= argument;
    };
  }

  long setTidAddress(Task t, long address) {
    t.clearChildTid(address);
    return t.tid();
  }

  long setRobustList(Task t, long head, long size) {
    if (size != ROBUST_LIST_HEAD_SIZE) {
      return -Errno.EINVAL;
    }
    t.robustList(head);
    return 0;
  }

  long getRobustList(Task t, int tid, long head, long size) {
    Task of = tid == 0 ? t : table.task(tid);
    if (of == null) {
      return -Errno.ESRCH;
    }
    if (of.process() != t.process() && !t.process().credentials().isPrivileged()) {
      return -Errno.EPERM;
    }
    t.memory().writeLong(size, ROBUST_LIST_HEAD_SIZE);
    t.memory().writeLong(head, of.robustList());
    return 0;
  }
}
