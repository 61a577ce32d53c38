package orrery.kernel.syscall;

import orrery.kernel.abi.AtFlag;
import orrery.kernel.abi.CloneFlag;
import orrery.kernel.abi.Errno;
import orrery.kernel.abi.SigInfo;
import orrery.kernel.abi.Signal;
import orrery.kernel.memory.AddressSpace;
import orrery.kernel.task.ChildWait;
import orrery.kernel.task.Cloning;
import orrery.kernel.task.Exit;
import orrery.kernel.task.JobControl;
import orrery.kernel.task.Process;
import orrery.kernel.task.ProcessTable;
import orrery.kernel.task.ProgramExecution;
import orrery.kernel.task.SystemCallDispatcher;
import orrery.kernel.task.Task;
import orrery.kernel.wait.Caller;

/** Making, ending and waiting for processes; their groups and sessions. */
final class ProcessCalls {
  // struct clone_args, include/uapi/linux/sched.h
  private static final int CLONE_ARGS_SIZE_VER0 = 64;
  private static final int CLONE_ARGS_SIZE = 88;
  private static final int CLONE_ARGS_FLAGS = 0;
  private static final int CLONE_ARGS_CHILD_TID = 16;
  private static final int CLONE_ARGS_PARENT_TID = 24;
  private static final int CLONE_ARGS_EXIT_SIGNAL = 32;
  private static final int CLONE_ARGS_STACK = 40;
  private static final int CLONE_ARGS_STACK_SIZE = 48;
  private static final int CLONE_ARGS_TLS = 56;
  private static final int CLONE_ARGS_SET_TID = 64;
  private static final int CLONE_ARGS_SET_TID_SIZE = 72;

  // waitid's idtype_t, include/uapi/linux/wait.h
  private static final int P_ALL = 0;
  private static final int P_PID = 1;
  private static final int P_PGID = 2;

  /** {@code struct rusage}: 2 timevals and 14 longs. */
  private static final int RUSAGE_SIZE = 144;

  private static final int RUSAGE_CHILDREN = -1;
  private static final int RUSAGE_SELF = 0;
  private static final int RUSAGE_THREAD = 1;

  private static final int WAIT4_OPTIONS =
      ChildWait.WNOHANG
          | ChildWait.WUNTRACED
          | ChildWait.WCONTINUED
          | ChildWait.WNOTHREAD
          | ChildWait.WALL
          | ChildWait.WCLONE;
  private static final int WAITID_OPTIONS = WAIT4_OPTIONS | ChildWait.WEXITED | ChildWait.WNOWAIT;

  private final ProcessTable table;
  private final Cloning cloning;
  private final Exit exit;
  private final ChildWait childWait;
  private final JobControl jobs;
  private final ProgramExecution execution;
  private final ChildWait.News news = new ChildWait.News();

  ProcessCalls(
      ProcessTable table,
      Cloning cloning,
      Exit exit,
      ChildWait childWait,
      JobControl jobs,
      ProgramExecution execution) {
    this.table = table;
    this.cloning = cloning;
    this.exit = exit;
    this.childWait = childWait;
    this.jobs = jobs;
    this.execution = execution;
  }

  long clone(Task t, long flags, long stack, long parentTid, long tls, long childTid) {
    long known = flags & 0xffffffffL & ~CloneFlag.CSIGNAL & ~CloneFlag.DETACHED;
    int signal = (int) (flags & CloneFlag.CSIGNAL);
    return clone(t, new Cloning.Request(known, signal, stack, tls, parentTid, childTid));
  }

  long clone3(Task t, long args, long size) {
    if (size < CLONE_ARGS_SIZE_VER0) {
      return -Errno.EINVAL;
    }
    AddressSpace m = t.memory();
    for (long i = CLONE_ARGS_SIZE; i < Math.min(size, 4096); i += 8) {
      if (m.readLong(args + i) != 0) {
        return -Errno.E2BIG;
      }
    }
    long flags = m.readLong(args + CLONE_ARGS_FLAGS);
    long signal = m.readLong(args + CLONE_ARGS_EXIT_SIGNAL);
    long stack = m.readLong(args + CLONE_ARGS_STACK);
    long stackSize = m.readLong(args + CLONE_ARGS_STACK_SIZE);
    boolean setsTid =
        size > CLONE_ARGS_SET_TID_SIZE
            && (m.readLong(args + CLONE_ARGS_SET_TID) != 0
                || m.readLong(args + CLONE_ARGS_SET_TID_SIZE) != 0);
    boolean threadWithSignal = (flags & (CloneFlag.THREAD | CloneFlag.PARENT)) != 0 && signal != 0;
    if ((flags & (CloneFlag.CSIGNAL | CloneFlag.DETACHED) & ~0x80L) != 0
        || signal < 0
        || signal > Signal.MAX
        || threadWithSignal
        || setsTid
        || (stack == 0) != (stackSize == 0)) {
      return -Errno.EINVAL;
    }
    return clone(
        t,
        new Cloning.Request(
            flags,
            (int) signal,
            stack + stackSize,
            m.readLong(args + CLONE_ARGS_TLS),
            m.readLong(args + CLONE_ARGS_PARENT_TID),
            m.readLong(args + CLONE_ARGS_CHILD_TID)));
  }

  /** With CLONE_VFORK the caller sleeps until the child has given its memory back. */
  private long clone(Task t, Cloning.Request request) {
    if (!t.restarted()) {
      t.progress(cloning.clone(t, request).tid());
      if ((request.flags() & CloneFlag.VFORK) == 0) {
        return t.progress();
      }
    }
    return cloning.awaitMemory(t, (int) t.progress()) ? t.progress() : Caller.BLOCKED;
  }

  long execve(Task t, long path, long argv, long envp) {
    return execution.execute(t, AtFlag.AT_FDCWD, path, argv, envp, 0);
  }

  long execveat(Task t, int directory, long path, long argv, long envp, int flags) {
    return execution.execute(t, directory, path, argv, envp, flags);
  }

  long exit(Task t, int code) {
    exit.thread(t, (code & 0xff) << 8);
    return SystemCallDispatcher.NO_RESULT;
  }

  long exitGroup(Task t, int code) {
    exit.group(t.process(), (code & 0xff) << 8);
    return SystemCallDispatcher.NO_RESULT;
  }

  long wait4(Task t, int pid, long status, int options, long usage) {
    if ((options & ~WAIT4_OPTIONS) != 0 || pid == Integer.MIN_VALUE) {
      return pid == Integer.MIN_VALUE ? -Errno.ESRCH : -Errno.EINVAL;
    }
    long found = childWait.find(t, pid, options | ChildWait.WEXITED, news);
    if (found == -1 && news.child() == null) {
      return 0;
    }
    if (found != 0) {
      return found;
    }
    Process child = news.child();
    if (status != 0) {
      t.memory().writeInt(status, news.status());
    }
    if (usage != 0) {
      writeUsage(t.memory(), usage, child.runNanos() + child.childrenNanos());
    }
    childWait.take(t, news);
    return child.pid();
  }

  long waitid(Task t, int idType, int id, long info, int options, long usage) {
    int wanted = ChildWait.WEXITED | ChildWait.WSTOPPED | ChildWait.WCONTINUED;
    if ((options & ~WAITID_OPTIONS) != 0 || (options & wanted) == 0) {
      return -Errno.EINVAL;
    }
    int selector;
    switch (idType) {
      case P_ALL -> selector = -1;
      case P_PID -> selector = id;
      case P_PGID -> selector = id == 0 ? 0 : -id;
      default -> {
        return -Errno.EINVAL;
      }
    }
    if (id < 0 || idType == P_PID && id == 0) {
      return -Errno.EINVAL;
    }
    long found = childWait.find(t, selector, options, news);
    boolean nothingYet = found == -1 && news.child() == null;
    if (found != 0 && !nothingYet) {
      return found;
    }
    if (info != 0) {
      writeChildInfo(t.memory(), info, nothingYet);
    }
    if (nothingYet) {
      return 0;
    }
    if (usage != 0) {
      writeUsage(t.memory(), usage, news.child().runNanos() + news.child().childrenNanos());
    }
    if ((options & ChildWait.WNOWAIT) == 0) {
      childWait.take(t, news);
    }
    return 0;
  }

  private void writeChildInfo(AddressSpace m, long info, boolean empty) {
    int status = news.status();
    int code = 0;
    int value = 0;
    if (!empty) {
      code = SigInfo.childCode(status);
      value = SigInfo.childValue(status);
    }
    m.writeInt(info + SigInfo.SIGNO, empty ? 0 : Signal.SIGCHLD);
    m.writeInt(info + SigInfo.ERRNO, 0);
    m.writeInt(info + SigInfo.CODE, code);
    m.writeInt(info + SigInfo.PID, empty ? 0 : news.child().pid());
    m.writeInt(info + SigInfo.UID, empty ? 0 : news.child().credentials().realUid());
    m.writeInt(info + SigInfo.STATUS, value);
  }

  long getrusage(Task t, int who, long usage) {
    long nanos;
    t.scheduler().chargeRunning();
    switch (who) {
      case RUSAGE_SELF -> nanos = t.process().runNanos();
      case RUSAGE_CHILDREN -> nanos = t.process().childrenNanos();
      case RUSAGE_THREAD -> nanos = t.runNanos();
      default -> {
        return -Errno.EINVAL;
      }
    }
    writeUsage(t.memory(), usage, nanos);
    return 0;
  }

  /** All processor time is reported as user time: the kernel does not tell the two apart. */
  private static void writeUsage(AddressSpace m, long usage, long nanos) {
    for (int i = 0; i < RUSAGE_SIZE; i += 8) {
      m.writeLong(usage + i, 0);
    }
    m.writeLong(usage, nanos / 1_000_000_000);
    m.writeLong(usage + 8, nanos / 1000 % 1_000_000);
  }

  long getpid(Task t) {
    return t.process().pid();
  }

  long getppid(Task t) {
    Process parent = t.process().parent();
    return parent == null ? 0 : parent.pid();
  }

  long gettid(Task t) {
    return t.tid();
  }

  long getpgid(Task t, int pid) {
    Process p = find(t, pid);
    return p == null ? -Errno.ESRCH : p.group().id();
  }

  long getsid(Task t, int pid) {
    Process p = find(t, pid);
    return p == null ? -Errno.ESRCH : p.session().id();
  }

  long setpgid(Task t, int pid, int group) {
    return jobs.setGroup(t.process(), pid, group);
  }

  long setsid(Task t) {
    return jobs.newSession(t.process());
  }

  /** 0 stands for the caller. */
  private Process find(Task t, int pid) {
    return pid == 0 ? t.process() : table.process(pid);
  }
}
