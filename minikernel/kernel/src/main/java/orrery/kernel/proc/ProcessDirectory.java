package orrery.kernel.proc;

import orrery.kernel.fs.Inode;
import orrery.kernel.task.Process;

/** /proc/PID and /proc/PID/task/TID. */
final class ProcessDirectory extends StaticDirectory {
  private static final int PERMISSIONS = 0555;
  private static final int READABLE = 0444;
  private static final int PRIVATE = 0400;
  private static final int SETTABLE = 0644;
  private static final int NUMBERS = 64;

  /** Inode numbers of processes begin far above those of files that stay. */
  private static final long FIRST = 1 << 20;

  private final Process process;
  private int files;

  ProcessDirectory(ProcFileSystem fs, ProcContext context, Process process) {
    this(fs, context, process, process.pid(), true);
  }

  /**
   * @param tid the thread, or the process's pid for the process
   * @param whole whether it is /proc/PID, which has a folder of threads
   */
  ProcessDirectory(
      ProcFileSystem fs, ProcContext context, Process process, int tid, boolean whole) {
    super(fs, number(tid, whole ? 0 : 1), PERMISSIONS);
    this.process = process;
    files = 2;
    Subject subject = new Subject(context, process, whole ? 0 : tid);
    StatusFiles status = new StatusFiles(subject);
    file("stat", READABLE, status::stat, null);
    file("statm", READABLE, status::statm, null);
    file("status", READABLE, status::status, null);
    file("comm", SETTABLE, status::name, status::rename);
    file("wchan", READABLE, (c, to) -> to.append('0'), null);
    file("schedstat", READABLE, status::schedule, null);
    ProcessFiles text = new ProcessFiles(subject);
    file("cmdline", READABLE, text::commandLine, null);
    file("environ", PRIVATE, text::environment, null);
    file("maps", READABLE, text::maps, null);
    file("limits", READABLE, text::limits, null);
    file("cgroup", READABLE, (c, to) -> to.append("0::/\n"), null);
    file("io", PRIVATE, text::inputOutput, null);
    file("oom_score", READABLE, (c, to) -> to.append("0\n"), null);
    file("oom_score_adj", SETTABLE, (c, to) -> to.append("0\n"), (c, value) -> {});
    file("loginuid", SETTABLE, (c, to) -> to.append("4294967295"), (c, value) -> {});
    file("sessionid", READABLE, (c, to) -> to.append("4294967295"), null);
    file("personality", PRIVATE, (c, to) -> to.append("00000000\n"), null);
    MountFiles mounts = new MountFiles(subject);
    file("mounts", READABLE, mounts::mounts, null);
    file("mountinfo", READABLE, mounts::information, null);
    add("exe", new PlaceLink(fs, next(), subject, Subject::executable));
    add("cwd", new PlaceLink(fs, next(), subject, Subject::currentFolder));
    add("root", new PlaceLink(fs, next(), subject, Subject::rootFolder));
    add("fd", new DescriptorDirectory(fs, next(), subject));
    add("fdinfo", new DescriptorInfoDirectory(fs, next(), subject));
    if (whole) {
      add("task", new ThreadsDirectory(fs, next(), context, process));
    }
  }

  private void file(String name, int permissions, Content content, Setting setting) {
    Inode inode = new ProcessText(proc(), next(), permissions, content, setting, process);
    add(name, inode);
  }

  private long next() {
    return number() + files++;
  }

  /** Inode number of file {@code which} of process or thread {@code id}. */
  static long number(int id, int which) {
    return FIRST + (long) id * NUMBERS + which;
  }

  Process process() {
    return process;
  }

  @Override
  public int uid() {
    return process.credentials().effectiveUid();
  }

  @Override
  public int gid() {
    return process.credentials().effectiveGid();
  }

  /** A file of text that belongs to the process's user. */
  private static final class ProcessText extends TextInode {
    private final Process process;

    ProcessText(
        ProcFileSystem fs,
        long number,
        int permissions,
        Content content,
        Setting setting,
        Process process) {
      super(fs, number, permissions, content, setting);
      this.process = process;
    }

    @Override
    public int uid() {
      return process.credentials().effectiveUid();
    }

    @Override
    public int gid() {
      return process.credentials().effectiveGid();
    }
  }
}
