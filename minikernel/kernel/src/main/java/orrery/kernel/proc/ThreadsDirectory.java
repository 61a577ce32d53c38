package orrery.kernel.proc;

import java.util.List;
import orrery.kernel.abi.FileMode;
import orrery.kernel.fs.Directory;
import orrery.kernel.fs.Entry;
import orrery.kernel.task.Process;
import orrery.kernel.task.Task;
import orrery.kernel.wait.Caller;

/** /proc/PID/task: a folder for every thread. */
final class ThreadsDirectory extends Directory {
  private static final int PERMISSIONS = 0555;

  private final ProcFileSystem fs;
  private final ProcContext context;
  private final Process process;

  ThreadsDirectory(ProcFileSystem fs, long number, ProcContext context, Process process) {
    super(fs, number, PERMISSIONS, 0, 0);
    this.fs = fs;
    this.context = context;
    this.process = process;
  }

  @Override
  public Entry find(Caller c, String name) {
    int tid = Numbers.parse(name);
    Task t = context.processes().task(tid);
    if (t == null || t.process() != process) {
      return null;
    }
    return new Entry(this, name, new ProcessDirectory(fs, context, process, tid, false));
  }

  @Override
  public void list(Caller c, long position, Listing to) {
    List<Task> threads = process.threads();
    for (int i = 0; i < threads.size(); i++) {
      int tid = threads.get(i).tid();
      if (tid >= position
          && !to.add(
              Integer.toString(tid), ProcessDirectory.number(tid, 1), FileMode.S_IFDIR, tid + 1L)) {
        return;
      }
    }
  }
}
