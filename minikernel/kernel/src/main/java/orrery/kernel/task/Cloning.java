package orrery.kernel.task;

import orrery.kernel.abi.CloneFlag;
import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.fs.FileSystemContext;
import orrery.kernel.fs.FileTable;
import orrery.kernel.memory.AddressSpace;
import orrery.machine.cpu.UserContext;

/** Makes threads and processes out of existing ones. See clone(2). */
public final class Cloning {
  private final Scheduler scheduler;
  private final ProcessTable table;

  public Cloning(Scheduler scheduler, ProcessTable table) {
    this.scheduler = scheduler;
    this.table = table;
  }

  /** What clone3(2)'s {@code struct clone_args} says, as far as it is supported. */
  public record Request(
      long flags, int exitSignal, long stackTop, long tls, long parentTid, long childTid) {}

  /**
   * Makes the first process; it becomes runnable by {@link Scheduler#startWith}.
   *
   * @param context its registers, ready for its first instruction
   */
  public Task makeInit(
      UserContext context,
      AddressSpace memory,
      FileTable files,
      FileSystemContext fs,
      String name) {
    int pid = table.newId();
    Process init =
        new Process(
            pid,
            table,
            null,
            new Credentials(),
            new Limits(table.maxThreads()),
            new SignalHandlers(),
            0,
            scheduler.now());
    table.add(init);
    table.move(init, table.group(pid, new Session(pid)));
    Task task = new Task(pid, init, scheduler, context, memory, files, fs, name);
    init.threads().add(task);
    table.add(task);
    return task;
  }

  /**
   * Clones the running thread {@code t}.
   *
   * @return the new thread, runnable; t's call returns its id
   */
  public Task clone(Task t, Request request) {
    long flags = request.flags();
    check(flags);
    Process parent = t.process();
    table.reserve(parent);
    boolean thread = (flags & CloneFlag.THREAD) != 0;

    AddressSpace memory = (flags & CloneFlag.VM) != 0 ? t.memory().share() : t.memory().fork();
    FileTable files = (flags & CloneFlag.FILES) != 0 ? t.files().share() : t.files().copy();
    FileSystemContext fs = (flags & CloneFlag.FS) != 0 ? t.fs().share() : t.fs().copy();
    int tid = table.newId();
    Process process = thread ? parent : makeProcess(tid, parent, request);
    Task child = new Task(tid, process, scheduler, new UserContext(), memory, files, fs, t.name());
    if ((flags & CloneFlag.VM) == 0) {
      memory.limits(process.limits()); // the copy had its parent's
    }
    process.threads().add(child);
    table.add(child);
    child.signals().mask(t.signals().mask());
    if ((flags & CloneFlag.VM) == 0 || (flags & CloneFlag.VFORK) != 0) {
      child.signals().copyAlternateStack(t.signals());
    }

    scheduler.copyRegisters(child);
    child.context().x(0, 0);
    if (request.stackTop() != 0) {
      child.context().sp(request.stackTop());
    }
    if ((flags & CloneFlag.SETTLS) != 0) {
      child.context().tpidrEl0(request.tls());
    }
    writeTids(t, child, request);
    if ((flags & CloneFlag.VFORK) != 0 && !thread) {
      process.borrowsMemory(true);
    }
    scheduler.enqueue(child);
    return child;
  }

  /**
   * Makes a thread of the kernel in {@code t}'s process, which has its first turn soon.
   *
   * @throws ErrnoException EAGAIN if there are too many threads
   */
  public Task startKernelThread(Task t, String name, KernelWork work) {
    Process p = t.process();
    table.reserve(p);
    Task made =
        new Task(
            table.newId(),
            p,
            scheduler,
            new UserContext(),
            t.memory().share(),
            t.files().share(),
            t.fs().share(),
            name);
    p.threads().add(made);
    table.add(made);
    made.signals().mask(-1);
    made.becomeKernels(work);
    made.wake();
    return made;
  }

  private static void check(long flags) {
    boolean vm = (flags & CloneFlag.VM) != 0;
    boolean sighand = (flags & CloneFlag.SIGHAND) != 0;
    boolean thread = (flags & CloneFlag.THREAD) != 0;
    if (sighand && !vm
        || thread && !sighand
        || sighand && (flags & CloneFlag.CLEAR_SIGHAND) != 0
        || thread && (flags & CloneFlag.PIDFD) != 0
        || (flags & (CloneFlag.NAMESPACES | CloneFlag.PIDFD | CloneFlag.INTO_CGROUP)) != 0) {
      throw ErrnoException.of(Errno.EINVAL);
    }
  }

  private Process makeProcess(int pid, Process creator, Request request) {
    long flags = request.flags();
    Process parent = (flags & CloneFlag.PARENT) != 0 ? creator.parent() : creator;
    if (parent == null) {
      throw ErrnoException.of(Errno.EINVAL); // init's child cannot be its sibling
    }
    SignalHandlers handlers =
        (flags & CloneFlag.SIGHAND) != 0 ? creator.handlers() : creator.handlers().copy();
    if ((flags & CloneFlag.CLEAR_SIGHAND) != 0) {
      handlers.reset();
    }
    Process p =
        new Process(
            pid,
            table,
            parent,
            creator.credentials().copy(),
            creator.limits().copy(),
            handlers,
            (flags & CloneFlag.PARENT) != 0 ? creator.exitSignal() : request.exitSignal(),
            scheduler.now());
    p.nice(creator.nice());
    if (creator.gainsNoPrivileges()) {
      p.gainNoPrivileges();
    }
    if (creator.executable() != null) {
      creator.executable().inode().beginExecution();
      p.executable(creator.executable().acquire());
    }
    parent.children().add(p);
    table.add(p);
    table.move(p, creator.group());
    return p;
  }

  /** As on Linux, a bad pointer for a thread id is not an error: the clone has happened. */
  private static void writeTids(Task t, Task child, Request request) {
    long flags = request.flags();
    if ((flags & CloneFlag.CHILD_CLEARTID) != 0) {
      child.clearChildTid(request.childTid());
    }
    try {
      if ((flags & CloneFlag.PARENT_SETTID) != 0) {
        t.memory().writeInt(request.parentTid(), child.tid());
      }
    } catch (ErrnoException badPointer) {
      // the parent learns the id from the call's result
    }
    try {
      if ((flags & CloneFlag.CHILD_SETTID) != 0) {
        child.memory().writeInt(request.childTid(), child.tid());
      }
    } catch (ErrnoException badPointer) {
      // the child can ask with gettid
    }
  }

  /**
   * Lets the parent in vfork wait for its child.
   *
   * @return true if the child has given the memory back or is no more; false if {@code t} sleeps
   */
  public boolean awaitMemory(Task t, int child) {
    Process p = table.process(child);
    if (p == null || !p.borrowsMemory()) {
      return true;
    }
    t.sleepThroughSignals(p.memoryReturned());
    return false;
  }
}
