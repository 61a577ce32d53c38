package orrery.kernel.task;

import java.util.ArrayList;
import java.util.List;
import orrery.kernel.fs.OpenFile;
import orrery.kernel.wait.WaitQueue;

/**
 * A thread group: what its threads share whatever clone's flags say, and its place in the family.
 */
public final class Process {
  private final int pid;
  private final ProcessTable table;
  private final List<Task> threads = new ArrayList<>(1);
  private final List<Process> children = new ArrayList<>(0);
  private final Credentials credentials;
  private final Limits limits;
  private final ProcessSignals signals = new ProcessSignals(this);
  private final WaitQueue childChanged = new WaitQueue();
  private final WaitQueue memoryReturned = new WaitQueue();
  private final long startNanos;
  private SignalHandlers handlers;
  private Process parent;
  private ProcessGroup group;
  private OpenFile executable;
  private String commandName;
  private int exitSignal;
  private boolean hasExecuted;
  private boolean borrowsMemory;
  private boolean adoptsOrphans;
  private boolean gainsNoPrivileges;
  private int parentDeathSignal;
  private int nice;

  // How it ended or stopped, and whether that was told to its parent already.
  private boolean exiting;
  private boolean zombie;
  private int exitStatus;
  private boolean stopped;
  private boolean stopUnreported;
  private int stopSignal;
  private boolean continueUnreported;

  private long runNanos;
  private long childrenNanos;

  Process(
      int pid,
      ProcessTable table,
      Process parent,
      Credentials credentials,
      Limits limits,
      SignalHandlers handlers,
      int exitSignal,
      long startNanos) {
    this.pid = pid;
    this.table = table;
    this.parent = parent;
    this.credentials = credentials;
    this.limits = limits;
    this.handlers = handlers;
    this.exitSignal = exitSignal;
    this.startNanos = startNanos;
  }

  public int pid() {
    return pid;
  }

  public ProcessTable table() {
    return table;
  }

  /** The threads that have not ended; not to be changed by the caller. */
  public List<Task> threads() {
    return threads;
  }

  /** The thread that speaks for the process: the leader, or the oldest left. Null for a zombie. */
  public Task leader() {
    return threads.isEmpty() ? null : threads.get(0);
  }

  /** Null for init. */
  public Process parent() {
    return parent;
  }

  void parent(Process newParent) {
    parent = newParent;
  }

  /** Children, zombies included; not to be changed by the caller. */
  public List<Process> children() {
    return children;
  }

  public ProcessGroup group() {
    return group;
  }

  void group(ProcessGroup g) {
    group = g;
  }

  public Session session() {
    return group.session();
  }

  public boolean isSessionLeader() {
    return group.session().id() == pid;
  }

  public Credentials credentials() {
    return credentials;
  }

  public Limits limits() {
    return limits;
  }

  public ProcessSignals signals() {
    return signals;
  }

  public SignalHandlers handlers() {
    return handlers;
  }

  void handlers(SignalHandlers h) {
    handlers = h;
  }

  /** Woken when a child ends, stops or goes on. */
  public WaitQueue childChanged() {
    return childChanged;
  }

  /** Woken when a vfork child no longer uses its parent's memory. */
  WaitQueue memoryReturned() {
    return memoryReturned;
  }

  boolean borrowsMemory() {
    return borrowsMemory;
  }

  void borrowsMemory(boolean borrows) {
    borrowsMemory = borrows;
    if (!borrows) {
      memoryReturned.wakeAll();
    }
  }

  /** The running program's file; null for a process that has executed none. */
  public OpenFile executable() {
    return executable;
  }

  /** Takes over {@code file}, of which an execution has begun; ends that of the old one. */
  void executable(OpenFile file) {
    if (executable != null) {
      executable.inode().endExecution();
      executable.drop();
    }
    executable = file;
  }

  /** The name that {@code /proc/PID/comm} shows once the last thread has ended. */
  public String name() {
    return threads.isEmpty() ? commandName : threads.get(0).name();
  }

  void rememberName(String name) {
    commandName = name;
  }

  /** The signal that tells the parent of the end; 0 for none. */
  public int exitSignal() {
    return exitSignal;
  }

  void exitSignal(int signal) {
    exitSignal = signal;
  }

  /** True once execve has succeeded: its parent may no longer move it to another group. */
  public boolean hasExecuted() {
    return hasExecuted;
  }

  void executed() {
    hasExecuted = true;
  }

  /** PR_SET_CHILD_SUBREAPER. */
  public boolean adoptsOrphans() {
    return adoptsOrphans;
  }

  public void adoptsOrphans(boolean adopts) {
    adoptsOrphans = adopts;
  }

  /** PR_SET_NO_NEW_PRIVS: execve heeds no set-user-id bits. */
  public boolean gainsNoPrivileges() {
    return gainsNoPrivileges;
  }

  /** Sets {@link #gainsNoPrivileges} for good; children inherit it. */
  public void gainNoPrivileges() {
    gainsNoPrivileges = true;
  }

  /** PR_SET_PDEATHSIG: the signal that tells of the parent's end; 0 for none. */
  public int parentDeathSignal() {
    return parentDeathSignal;
  }

  public void parentDeathSignal(int signal) {
    parentDeathSignal = signal;
  }

  /** -20 to 19. Kept and shown; one queue serves all. */
  public int nice() {
    return nice;
  }

  public void nice(int value) {
    nice = Math.clamp(value, -20, 19);
  }

  /** True from the moment its end is decided. */
  public boolean isExiting() {
    return exiting;
  }

  void exiting(int status) {
    exiting = true;
    exitStatus = status;
  }

  /** True if it has ended and waits to be reaped. */
  public boolean isZombie() {
    return zombie;
  }

  void zombie() {
    zombie = true;
    stopped = false;
  }

  /** As wait(2) reports it; meaningful once it is exiting. */
  public int exitStatus() {
    return exitStatus;
  }

  public boolean isStopped() {
    return stopped;
  }

  /** A signal has stopped it: remembered and told to the parent by {@link JobControl}. */
  void stopped(int signal) {
    stopped = true;
    stopSignal = signal;
    stopUnreported = true;
    continueUnreported = false;
  }

  void continued() {
    stopped = false;
    stopUnreported = false;
    continueUnreported = true;
  }

  boolean stopUnreported() {
    return stopUnreported && stopped;
  }

  int stopSignal() {
    return stopSignal;
  }

  void stopReported() {
    stopUnreported = false;
  }

  boolean continueUnreported() {
    return continueUnreported;
  }

  void continueReported() {
    continueUnreported = false;
  }

  /** Machine time of its making, in nanoseconds. */
  public long startNanos() {
    return startNanos;
  }

  /** Processor time of its threads, ended ones included, in nanoseconds. */
  public long runNanos() {
    return runNanos;
  }

  void charge(long nanos) {
    runNanos += nanos;
  }

  /** Processor time of the children it has waited for, in nanoseconds. */
  public long childrenNanos() {
    return childrenNanos;
  }

  void chargeChild(Process child) {
    childrenNanos += child.runNanos + child.childrenNanos;
  }
}
