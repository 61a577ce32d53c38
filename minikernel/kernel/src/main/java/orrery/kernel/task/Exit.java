package orrery.kernel.task;

import java.util.List;
import java.util.function.IntConsumer;
import orrery.kernel.abi.Signal;

/** The end of threads and processes: what they held goes back, their relatives are told. */
public final class Exit {
  private final Scheduler scheduler;
  private final ProcessTable table;
  private final Futexes futexes;
  private final Signals signals;
  private final IntConsumer initEnded;

  /**
   * @param initEnded told init's status as wait(2) has it; no thread runs after that
   */
  public Exit(
      Scheduler scheduler,
      ProcessTable table,
      Futexes futexes,
      Signals signals,
      IntConsumer initEnded) {
    this.scheduler = scheduler;
    this.table = table;
    this.futexes = futexes;
    this.signals = signals;
    this.initEnded = initEnded;
  }

  /** Ends one thread; with the last one its process, whose status is then {@code status}. */
  public void thread(Task t, int status) {
    Process p = t.process();
    boolean last = p.threads().size() == 1;
    if (last) {
      p.rememberName(t.name());
      if (!p.isExiting()) {
        p.exiting(status);
      }
    }
    futexes.threadEnded(t);
    t.signals().discard();
    t.files().release();
    t.fs().release();
    t.memory().release();
    if (last && p.borrowsMemory()) {
      p.borrowsMemory(false);
    }
    t.end();
    p.threads().remove(t);
    table.remove(t, last);
    if (last) {
      process(p);
    } else if (onlyKernels(p)) {
      thread(p.threads().getFirst(), status);
    }
  }

  /** Whether all threads that are left are the kernel's: their process has ended. */
  private static boolean onlyKernels(Process p) {
    for (int i = 0; i < p.threads().size(); i++) {
      if (!p.threads().get(i).isKernels()) {
        return false;
      }
    }
    return true;
  }

  /**
   * Ends a whole process.
   *
   * @param status as wait(2) reports it
   */
  public void group(Process p, int status) {
    if (p.isExiting()) {
      return;
    }
    p.exiting(status);
    Task current = scheduler.current();
    for (Task t : List.copyOf(p.threads())) {
      if (t != current) {
        thread(t, status);
      }
    }
    if (current != null && current.process() == p) {
      thread(current, status);
    }
  }

  /** Ends the other threads of a process whose thread {@code survivor} executes a new program. */
  void othersThan(Task survivor) {
    Process p = survivor.process();
    for (Task t : List.copyOf(p.threads())) {
      if (t != survivor) {
        thread(t, 0);
      }
    }
  }

  private void process(Process p) {
    p.executable(null);
    p.zombie();
    p.signals().discard();
    if (p.pid() == ProcessTable.INIT) {
      scheduler.stop();
      initEnded.accept(p.exitStatus());
      return;
    }
    leaveSession(p);
    boolean linkedItsGroup = linksItsGroup(p);
    List<Process> orphans = giveAwayChildren(p);
    if (linkedItsGroup && p.group().isOrphanedWithout(p)) {
      hangUpStopped(p.group());
    }
    for (Process orphan : orphans) {
      if (orphan.group() != p.group() && orphan.group().isOrphaned()) {
        hangUpStopped(orphan.group());
      }
    }
    tellParent(p);
  }

  private static void leaveSession(Process p) {
    ControllingTerminal terminal = p.session().terminal();
    if (p.isSessionLeader() && terminal != null) {
      terminal.leaderEnded(p.session());
    }
  }

  /** True if {@code p} connects its group with another one of the session. */
  private static boolean linksItsGroup(Process p) {
    ProcessGroup of = p.parent().group();
    return of != p.group() && of.session() == p.session();
  }

  /** Nobody is left to continue a stopped job: hang it up. */
  private void hangUpStopped(ProcessGroup group) {
    if (group.hasStoppedMember()) {
      signals.sendFromKernel(group, Signal.SIGHUP);
      signals.sendFromKernel(group, Signal.SIGCONT);
    }
  }

  private List<Process> giveAwayChildren(Process p) {
    List<Process> orphans = List.copyOf(p.children());
    p.children().clear();
    Process heir = heirOf(p);
    for (Process child : orphans) {
      child.parent(heir);
      child.exitSignal(Signal.SIGCHLD);
      heir.children().add(child);
      if (child.parentDeathSignal() != 0 && !child.isZombie()) {
        signals.sendFromKernel(child, child.parentDeathSignal());
      }
      if (child.isZombie()) {
        tellParent(child);
      }
    }
    return orphans;
  }

  private Process heirOf(Process p) {
    for (Process a = p.parent(); a != null; a = a.parent()) {
      if (a.adoptsOrphans() && !a.isExiting()) {
        return a;
      }
    }
    return table.init();
  }

  private void tellParent(Process p) {
    Process parent = p.parent();
    boolean unwanted = p.exitSignal() == Signal.SIGCHLD && parent.handlers().discardsChildren();
    // clone(2) takes any number; one that is no signal is none at the end.
    if (Signal.isValid(p.exitSignal())
        && !(unwanted && parent.handlers().ignores(Signal.SIGCHLD))) {
      signals.sendChildStatus(parent, p, p.exitSignal());
    }
    if (unwanted) {
      reap(p);
    }
    parent.childChanged().wakeAll();
  }

  /** Forgets a zombie. */
  void reap(Process p) {
    p.parent().children().remove(p);
    table.move(p, null);
    table.remove(p);
  }
}
