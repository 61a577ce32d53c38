package orrery.kernel.proc;

import java.util.HashMap;
import java.util.Map;
import orrery.kernel.abi.FileMode;
import orrery.kernel.fs.Entry;
import orrery.kernel.task.Process;
import orrery.kernel.task.ProcessTable;
import orrery.kernel.task.Task;
import orrery.kernel.wait.Caller;

/** /proc itself: the system's files, and a folder for every process. */
final class ProcRoot extends StaticDirectory {
  private static final long NUMBER = 1;
  private static final int PERMISSIONS = 0555;

  /** Folders of processes that may have ended are swept out when there are more than this. */
  private static final int SWEEP_AT = 256;

  private final ProcContext context;
  private final Map<Integer, Entry> folders = new HashMap<>();

  ProcRoot(ProcFileSystem fs, ProcContext context) {
    super(fs, NUMBER, PERMISSIONS);
    this.context = context;
    link("self", c -> Integer.toString(((Task) c).process().pid()));
    link("thread-self", ProcRoot::threadSelf);
    SystemFiles files = new SystemFiles(context);
    files.addTo(this);
    new Sysctl(context, files).addTo(folder("sys"));
  }

  private static String threadSelf(Caller c) {
    Task t = (Task) c;
    return t.process().pid() + "/task/" + t.tid();
  }

  @Override
  public Entry find(Caller c, String name) {
    int id = Numbers.parse(name);
    if (id < 0) {
      return super.find(c, name);
    }
    Process p = context.processes().process(id);
    if (p == null) {
      // A thread has a folder too, though it is not listed.
      Task t = context.processes().task(id);
      p = t == null ? null : t.process();
    }
    return p == null ? null : folder(id, p);
  }

  private Entry folder(int id, Process p) {
    Entry known = folders.get(id);
    if (known != null && ((ProcessDirectory) known.inode()).process() == p) {
      return known;
    }
    if (folders.size() >= SWEEP_AT) {
      folders
          .values()
          .removeIf(
              e -> {
                ProcessDirectory d = (ProcessDirectory) e.inode();
                return context.processes().process(d.process().pid()) != d.process();
              });
    }
    ProcessDirectory folder = new ProcessDirectory(proc(), context, p);
    Entry made = new Entry(this, Integer.toString(id), folder);
    folders.put(id, made);
    return made;
  }

  @Override
  public void list(Caller c, long position, Listing to) {
    if (!listStatic(position, to)) {
      return;
    }
    long base = staticCount();
    ProcessTable processes = context.processes();
    int from = (int) Math.max(0, position - base);
    for (Process p = processes.next(from); p != null; p = processes.next(p.pid() + 1)) {
      long number = ProcessDirectory.number(p.pid(), 0);
      if (!to.add(Integer.toString(p.pid()), number, FileMode.S_IFDIR, base + p.pid() + 1)) {
        return;
      }
    }
  }
}
