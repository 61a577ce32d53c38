package orrery.kernel.task;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.Signal;

/** Stopping and continuing processes, and moving them between groups and sessions. */
public final class JobControl {
  private final ProcessTable table;
  private final Signals signals;

  public JobControl(ProcessTable table, Signals signals) {
    this.table = table;
    this.signals = signals;
  }

  /** Stops every thread of {@code p} and tells its parent. */
  public void stop(Process p, int signal) {
    p.stopped(signal);
    for (int i = 0; i < p.threads().size(); i++) {
      p.threads().get(i).stop();
    }
    tellParent(p);
  }

  /** Lets a stopped process go on and tells its parent. */
  public void goOn(Process p) {
    if (!p.isStopped()) {
      return;
    }
    p.continued();
    for (int i = 0; i < p.threads().size(); i++) {
      p.threads().get(i).goOn();
    }
    tellParent(p);
  }

  private void tellParent(Process p) {
    Process parent = p.parent();
    if (parent == null) {
      return;
    }
    if (!parent.handlers().discardsChildStops()) {
      signals.sendChildStatus(parent, p, Signal.SIGCHLD);
    }
    parent.childChanged().wakeAll();
  }

  /** setsid(2): a new session and group with {@code p} as its leader. */
  public long newSession(Process p) {
    if (table.group(p.pid()) != null) {
      return -Errno.EPERM;
    }
    table.move(p, table.group(p.pid(), new Session(p.pid())));
    return p.pid();
  }

  /** setpgid(2). */
  public long setGroup(Process caller, int pid, int groupId) {
    if (groupId < 0) {
      return -Errno.EINVAL;
    }
    Process p = pid == 0 ? caller : table.process(pid);
    if (p == null || p != caller && p.parent() != caller) {
      return -Errno.ESRCH;
    }
    if (p != caller && p.hasExecuted()) {
      return -Errno.EACCES;
    }
    if (p.isSessionLeader() || p.session() != caller.session()) {
      return -Errno.EPERM;
    }
    int id = groupId == 0 ? p.pid() : groupId;
    ProcessGroup group = table.group(id);
    if (id != p.pid() && (group == null || group.session() != caller.session())) {
      return -Errno.EPERM;
    }
    table.move(p, table.group(id, caller.session()));
    return 0;
  }
}
