package orrery.kernel.task;

import orrery.kernel.abi.Signal;
import orrery.kernel.memory.AddressSpace;

/** Processes and threads of a table, without files: no program runs. */
final class TestProcesses {
  private static final int FILES = 100;

  private final ProcessTable table;
  private final Scheduler scheduler;

  TestProcesses(ProcessTable table, Scheduler scheduler) {
    this.table = table;
    this.scheduler = scheduler;
  }

  /**
   * A process in no group.
   *
   * @param parent null for none
   */
  Process process(int pid, Process parent) {
    Process made =
        new Process(
            pid,
            table,
            parent,
            new Credentials(),
            new Limits(FILES),
            new SignalHandlers(),
            Signal.SIGCHLD,
            0);
    table.add(made);
    if (parent != null) {
      parent.children().add(made);
    }
    return made;
  }

  /** A process in a session's group {@code group}. */
  Process process(int pid, Process parent, int group, Session session) {
    Process made = process(pid, parent);
    table.move(made, table.group(group, session));
    return made;
  }

  /** A thread without memory. */
  Task thread(int tid, Process of) {
    return thread(tid, of, null);
  }

  /** A thread in {@code space}. */
  Task thread(int tid, Process of, AddressSpace space) {
    return enter(new Task(tid, of, scheduler, null, space, null, null, "test"));
  }

  /** Makes a thread known to its process and the table. */
  Task enter(Task thread) {
    thread.process().threads().add(thread);
    table.add(thread);
    return thread;
  }
}
