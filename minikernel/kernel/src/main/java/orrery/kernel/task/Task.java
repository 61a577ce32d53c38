package orrery.kernel.task;

import orrery.kernel.fs.FileSystemContext;
import orrery.kernel.fs.FileTable;
import orrery.kernel.memory.AddressSpace;
import orrery.kernel.memory.IoBuffer;
import orrery.kernel.wait.Caller;
import orrery.kernel.wait.TimerQueue;
import orrery.machine.cpu.UserContext;

/** A thread: registers, what it shares with others, its signal mask, and the call it is in. */
public final class Task extends Caller {
  /** What a thread is doing. */
  public enum State {
    /** On the processor, or being handled by the kernel. */
    RUNNING,
    /** In the scheduler's queue. */
    RUNNABLE,
    /** In a system call that waits. */
    SLEEPING,
    /** Stopped by a signal. */
    STOPPED,
    /** Ended. */
    DEAD
  }

  private int tid;
  private final Process process;
  private final Scheduler scheduler;
  private final UserContext context;
  private final IoBuffer io = new IoBuffer();
  private final TaskSignals signals = new TaskSignals(this);
  private AddressSpace memory;
  private FileTable files;
  private FileSystemContext fs;
  private String name;
  private long runNanos;

  /** Set by exit: cleared and woken as a futex when the thread ends (CLONE_CHILD_CLEARTID). */
  private long clearChildTid;

  private long robustList;

  /** What the thread does if it is one of the kernel's; null for a program's. */
  private KernelWork work;

  // The scheduler's part.
  State state = State.RUNNABLE;
  Task nextRunnable;

  /** Something stands between the thread and its program: a signal, a stop, its end. */
  boolean attention;

  /** The thread sleeps in (or woke up within) call {@link #callNumber}. */
  boolean asleepInCall;

  /** The thread is on its way out of a call whose result is {@link #result}. */
  boolean inCall;

  long result;
  int callNumber;
  long a0;
  long a1;
  long a2;
  long a3;
  long a4;
  long a5;

  Task(
      int tid,
      Process process,
      Scheduler scheduler,
      UserContext context,
      AddressSpace memory,
      FileTable files,
      FileSystemContext fs,
      String name) {
    this.tid = tid;
    this.process = process;
    this.scheduler = scheduler;
    this.context = context;
    this.memory = memory;
    this.files = files;
    this.fs = fs;
    this.name = name;
  }

  public int tid() {
    return tid;
  }

  /** After execve in a thread that was not the leader: it takes over the leader's number. */
  void tid(int leaders) {
    tid = leaders;
  }

  public Process process() {
    return process;
  }

  public Scheduler scheduler() {
    return scheduler;
  }

  /** The registers while the thread does not run; those of the running thread are in the CPU. */
  public UserContext context() {
    return context;
  }

  /** The thread's own cursor over user memory, for the call it is in. */
  public IoBuffer io() {
    return io;
  }

  public TaskSignals signals() {
    return signals;
  }

  @Override
  public AddressSpace memory() {
    return memory;
  }

  /** A new program: the thread's memory from now on. The caller releases the old one. */
  void memory(AddressSpace image) {
    memory = image;
  }

  public FileTable files() {
    return files;
  }

  /** The thread gets a descriptor table of its own if it shares one. */
  public void unshareFiles() {
    if (files.isShared()) {
      FileTable own = files.copy();
      files.release();
      files = own;
    }
  }

  void files(FileTable table) {
    files = table;
  }

  public FileSystemContext fs() {
    return fs;
  }

  void fs(FileSystemContext context) {
    fs = context;
  }

  /** The thread's name, at most 15 bytes. */
  public String name() {
    return name;
  }

  public void name(String newName) {
    name = newName.length() > 15 ? newName.substring(0, 15) : newName;
  }

  public State state() {
    return state;
  }

  /** The thread is one of the kernel's from now on, and sleeps. */
  void becomeKernels(KernelWork does) {
    work = does;
    suspend();
  }

  /** Whether it is a thread of the kernel. */
  public boolean isKernels() {
    return work != null;
  }

  /** A turn of a thread of the kernel. */
  void runWork() {
    work.run(this);
    if (state == State.RUNNING) {
      suspend();
    }
  }

  /** The number of the call the thread is in or was in last. */
  public int callNumber() {
    return callNumber;
  }

  public long clearChildTid() {
    return clearChildTid;
  }

  public void clearChildTid(long address) {
    clearChildTid = address;
  }

  public long robustList() {
    return robustList;
  }

  public void robustList(long head) {
    robustList = head;
  }

  /** Processor time used, in nanoseconds. */
  public long runNanos() {
    return runNanos;
  }

  void charge(long nanos) {
    runNanos += nanos;
    process.charge(nanos);
  }

  @Override
  public int uid() {
    return process.credentials().effectiveUid();
  }

  @Override
  public int gid() {
    return process.credentials().effectiveGid();
  }

  @Override
  public boolean isMember(int group) {
    if (group == gid()) {
      return true;
    }
    for (int g : process.credentials().groups()) {
      if (g == group) {
        return true;
      }
    }
    return false;
  }

  @Override
  public long now() {
    return scheduler.now();
  }

  @Override
  protected TimerQueue timers() {
    return scheduler.timers();
  }

  @Override
  public boolean signalPending() {
    return signals.deliverable();
  }

  boolean fatalSignalPending() {
    return signals.fatal();
  }

  /** Makes the kernel look at the thread's signals before its program goes on. */
  void attention() {
    attention = true;
  }

  @Override
  protected void suspend() {
    state = State.SLEEPING;
    asleepInCall = true;
  }

  @Override
  public boolean wake() {
    if (state != State.SLEEPING) {
      return false;
    }
    scheduler.enqueue(this);
    return true;
  }

  /** A stopped thread goes on; if it was stopped in a sleep, its call is made again. */
  void goOn() {
    if (state == State.STOPPED) {
      scheduler.enqueue(this);
    }
  }

  /** Stops the thread (the running one, or one that is neither dead nor stopped). */
  void stop() {
    if (state == State.RUNNABLE) {
      scheduler.dequeue(this);
    }
    state = State.STOPPED;
  }

  /** Takes the thread off the processor and out of every queue for good. */
  void end() {
    if (state == State.RUNNABLE) {
      scheduler.dequeue(this);
    }
    endSleep();
    abandonCall();
    state = State.DEAD;
    attention = true; // so that its call, if this ends it, does not return to the program
    scheduler.forget(this);
    context.close();
  }
}
