package orrery.kernel.tty;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.Signal;
import orrery.kernel.task.Process;
import orrery.kernel.task.ProcessGroup;
import orrery.kernel.task.Session;
import orrery.kernel.task.Signals;
import orrery.kernel.task.Task;

/**
 * Whom a terminal controls: its session and the process group in the foreground. Follows Linux's
 * {@code drivers/tty/tty_jobctrl.c}.
 */
final class TerminalJobs {
  private final Terminal terminal;
  private final Signals signals;
  private Session session;
  private Process leader;
  private ProcessGroup foreground;

  TerminalJobs(Terminal terminal, Signals signals) {
    this.terminal = terminal;
    this.signals = signals;
  }

  /** The session controlled; null if there is none. */
  Session session() {
    return session;
  }

  /** The group in the foreground, though all its members may have gone; null if there is none. */
  ProcessGroup foreground() {
    return foreground;
  }

  void foreground(ProcessGroup group) {
    foreground = group;
  }

  boolean controls(Process p) {
    return session != null && p.session() == session;
  }

  /** Becomes the controlling terminal of {@code leader}'s session, whose group goes in front. */
  void take(Process newLeader) {
    leader = newLeader;
    session = leader.session();
    session.terminal(terminal);
    foreground = leader.group();
  }

  /** The session goes on without a terminal. */
  void release() {
    if (session != null) {
      session.terminal(null);
    }
    session = null;
    leader = null;
    foreground = null;
  }

  /** Signals the group in the foreground, if there is one. */
  void signalForeground(int signal) {
    if (foreground != null) {
      signals.sendFromKernel(foreground, signal);
    }
  }

  /** Signals the leader of the session, if it is there still. */
  void signalLeader(int signal) {
    if (leader != null && !leader.isZombie()) {
      signals.sendFromKernel(leader, signal);
    }
  }

  /**
   * Whether a thread may use the terminal now.
   *
   * @param signal SIGTTIN to read, SIGTTOU to write or change settings
   * @return 0, or a negated error number: its group was stopped and the call is to be made again
   *     (ERESTARTSYS), or there is nobody who could continue it (EIO)
   */
  long check(Task t, int signal) {
    Process p = t.process();
    if (!controls(p) || foreground == null || p.group() == foreground) {
      return 0;
    }
    if (t.signals().blocksOrIgnores(signal)) {
      return signal == Signal.SIGTTIN ? -Errno.EIO : 0;
    }
    if (p.group().isOrphaned()) {
      return -Errno.EIO;
    }
    signals.sendFromKernel(p.group(), signal);
    return -Errno.ERESTARTSYS;
  }
}
