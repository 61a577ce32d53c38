package orrery.kernel.syscall;

import orrery.kernel.abi.Errno;
import orrery.kernel.fs.FileTable;
import orrery.kernel.task.Limits;
import orrery.kernel.task.Process;
import orrery.kernel.task.ProcessTable;
import orrery.kernel.task.Task;

/** Resource limits. See prlimit(2). */
final class LimitCalls {
  private final ProcessTable table;

  LimitCalls(ProcessTable table) {
    this.table = table;
  }

  long getrlimit(Task t, int resource, long old) {
    return prlimit(t, 0, resource, 0, old);
  }

  long setrlimit(Task t, int resource, long limit) {
    return prlimit(t, 0, resource, limit, 0);
  }

  long prlimit(Task t, int pid, int resource, long limit, long old) {
    Process p = pid == 0 ? t.process() : table.process(pid);
    if (p == null) {
      return -Errno.ESRCH;
    }
    if (resource < 0 || resource >= Limits.COUNT) {
      return -Errno.EINVAL;
    }
    boolean privileged = t.process().credentials().isPrivileged();
    if (p != t.process()
        && !privileged
        && p.credentials().realUid() != t.process().credentials().realUid()) {
      return -Errno.EPERM;
    }
    Limits limits = p.limits();
    long oldSoft = limits.soft(resource);
    long oldHard = limits.hard(resource);
    if (limit != 0) {
      long soft = t.memory().readLong(limit);
      long hard = t.memory().readLong(limit + 8);
      if (Long.compareUnsigned(soft, hard) > 0) {
        return -Errno.EINVAL;
      }
      boolean aboveHard = Long.compareUnsigned(hard, oldHard) > 0;
      boolean aboveTable =
          resource == Limits.NOFILE && Long.compareUnsigned(hard, FileTable.MAX_LIMIT) > 0;
      if (aboveHard && !privileged || aboveTable) {
        return -Errno.EPERM;
      }
      limits.set(resource, soft, hard);
      if (resource == Limits.NOFILE && p.leader() != null) {
        p.leader().files().limit(soft);
      }
    }
    if (old != 0) {
      t.memory().writeLong(old, oldSoft);
      t.memory().writeLong(old + 8, oldHard);
    }
    return 0;
  }
}
