package orrery.kernel.task;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;

/** Every thread, process, group and session by its number, and the numbers still free. */
public final class ProcessTable {
  /** The process that adopts orphans and whose end is the machine's. */
  public static final int INIT = 1;

  /** Numbers run below this and wrap round ({@code /proc/sys/kernel/pid_max}). */
  public static final int PID_MAX = 32768;

  /** After a wrap, numbers begin here, as on Linux. */
  private static final int RESERVED = 300;

  private final int maxThreads;
  private final Task[] tasks = new Task[PID_MAX];
  private final Process[] processes = new Process[PID_MAX];
  private final ProcessGroup[] groups = new ProcessGroup[PID_MAX];
  private int lastPid;
  private int threads;
  private long forks;

  /** A table for at most {@code maxThreads} threads, zombies counted. */
  public ProcessTable(int maxThreads) {
    this.maxThreads = maxThreads;
  }

  public int maxThreads() {
    return maxThreads;
  }

  public Process init() {
    return processes[INIT];
  }

  /** The process {@code pid}, zombies included; null if there is none. */
  public Process process(int pid) {
    return pid > 0 && pid < PID_MAX ? processes[pid] : null;
  }

  /** The thread {@code tid}; null if there is none. */
  public Task task(int tid) {
    return tid > 0 && tid < PID_MAX ? tasks[tid] : null;
  }

  public ProcessGroup group(int id) {
    return id > 0 && id < PID_MAX ? groups[id] : null;
  }

  /** The next process whose pid is at least {@code from}; null if there is none. For walks. */
  public Process next(int from) {
    for (int pid = Math.max(from, 1); pid < PID_MAX; pid++) {
      if (processes[pid] != null) {
        return processes[pid];
      }
    }
    return null;
  }

  /** Threads alive, and zombies. */
  public int threads() {
    return threads;
  }

  /** Threads made since boot. */
  public long forks() {
    return forks;
  }

  public int lastPid() {
    return lastPid;
  }

  /** Throws EAGAIN if there is no room for another thread. */
  void reserve(Process parent) {
    // The last few places are the super-user's, so that a fork bomb can still be ended.
    int room = parent.credentials().isPrivileged() ? maxThreads : maxThreads - 8;
    if (threads >= room) {
      throw ErrnoException.of(Errno.EAGAIN);
    }
    if (!parent.credentials().isPrivileged()
        && parent.limits().exceeds(Limits.NPROC, threadsOf(parent.credentials().realUid()) + 1)) {
      throw ErrnoException.of(Errno.EAGAIN);
    }
  }

  private int threadsOf(int uid) {
    int n = 0;
    for (int pid = 1; pid < PID_MAX; pid++) {
      if (processes[pid] != null && processes[pid].credentials().realUid() == uid) {
        n += Math.max(1, processes[pid].threads().size());
      }
    }
    return n;
  }

  int newId() {
    int id = lastPid;
    do {
      id = id + 1 == PID_MAX ? RESERVED : id + 1;
    } while (tasks[id] != null || processes[id] != null || groups[id] != null);
    lastPid = id;
    return id;
  }

  void add(Task t) {
    tasks[t.tid()] = t;
    threads++;
    forks++;
  }

  void add(Process p) {
    processes[p.pid()] = p;
  }

  /** The thread has ended. The place of a process's last thread is kept until it is reaped. */
  void remove(Task t, boolean lastOfProcess) {
    tasks[t.tid()] = null;
    if (!lastOfProcess) {
      threads--;
    }
  }

  void remove(Process p) {
    processes[p.pid()] = null;
    threads--;
  }

  /** {@code t}, the only thread left of its process, takes over the number of the first one. */
  void becomeLeader(Task t) {
    tasks[t.tid()] = null;
    t.tid(t.process().pid());
    tasks[t.tid()] = t;
  }

  /** The group {@code id} in {@code session}, made if need be. */
  ProcessGroup group(int id, Session session) {
    if (groups[id] == null) {
      groups[id] = new ProcessGroup(id, session);
    }
    return groups[id];
  }

  /** Moves {@code p} to {@code to}, null to take it out of its group for good. */
  void move(Process p, ProcessGroup to) {
    ProcessGroup from = p.group();
    if (from == to) {
      return;
    }
    if (from != null) {
      from.members().remove(p);
      if (from.members().isEmpty()) {
        groups[from.id()] = null;
      }
    }
    if (to != null) {
      to.members().add(p);
      p.group(to);
    }
  }
}
