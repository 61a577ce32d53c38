package orrery.kernel.proc;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.fs.Location;
import orrery.kernel.fs.OpenFile;
import orrery.kernel.memory.AddressSpace;
import orrery.kernel.task.Process;
import orrery.kernel.task.Task;
import orrery.kernel.wait.Caller;

/**
 * What a folder of /proc is about: a process, or one of its threads.
 *
 * @param thread the thread's number; 0 for the process
 */
record Subject(ProcContext context, Process process, int thread) {
  /** Throws ESRCH if it has been reaped. */
  void require() {
    boolean there =
        thread == 0
            ? context.processes().process(process.pid()) == process
            : context.processes().task(thread) != null;
    if (!there) {
      throw ErrnoException.of(Errno.ESRCH);
    }
  }

  /** The number shown as its pid. */
  int id() {
    return thread == 0 ? process.pid() : thread;
  }

  /** The thread, or the one that speaks for the process; null for a zombie. */
  Task task() {
    return thread == 0 ? process.leader() : context.processes().task(thread);
  }

  /** Its memory; null for a zombie. */
  AddressSpace memory() {
    Task t = task();
    return t == null ? null : t.memory();
  }

  String name() {
    Task t = task();
    return t == null ? process.name() : t.name();
  }

  /** Whether {@code c} may look into its memory and files: the same user, or the super-user. */
  void requireAccess(Caller c) {
    require();
    if (c.uid() != 0 && c.uid() != process.credentials().realUid()) {
      throw ErrnoException.of(Errno.EACCES);
    }
  }

  Location executable() {
    OpenFile file = process.executable();
    return file == null ? null : file.location();
  }

  Location currentFolder() {
    Task t = task();
    return t == null ? null : t.fs().current();
  }

  Location rootFolder() {
    Task t = task();
    return t == null ? null : t.fs().root();
  }
}
