package orrery.kernel.task;

import orrery.kernel.fs.FileTable;
import orrery.kernel.fs.OpenFile;
import orrery.kernel.memory.AddressSpace;

/** The point of no return of execve(2): a process loses its old program and gets a new one. */
public final class NewProgram {
  private final Scheduler scheduler;
  private final ProcessTable table;
  private final Exit exit;
  private final Futexes futexes;

  public NewProgram(Scheduler scheduler, ProcessTable table, Exit exit, Futexes futexes) {
    this.scheduler = scheduler;
    this.table = table;
    this.exit = exit;
    this.futexes = futexes;
  }

  /**
   * Replaces the program of the running thread's process; the other threads end.
   *
   * @param entry where it begins
   * @param executable its file, of which an execution has begun; ended when the process has another
   *     one or ends
   */
  public void replace(
      Task t, AddressSpace space, long entry, long stackPointer, String name, OpenFile executable) {
    Process p = t.process();
    exit.othersThan(t);
    if (t.tid() != p.pid()) {
      table.becomeLeader(t);
    }
    futexes.threadEnded(t);
    AddressSpace old = t.memory();
    t.memory(space);
    scheduler.enter(t, entry, stackPointer);
    old.release();
    if (p.borrowsMemory()) {
      p.borrowsMemory(false);
    }
    if (t.files().isShared()) {
      FileTable own = t.files().copy();
      t.files().release();
      t.files(own);
    }
    t.files().closeMarked();
    p.signals().executed(t);
    p.executable(executable);
    p.executed();
    t.name(name);
  }
}
