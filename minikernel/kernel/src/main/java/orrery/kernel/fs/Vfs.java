package orrery.kernel.fs;

import orrery.kernel.hw.PhysicalMemory;
import orrery.kernel.memory.FrameAllocator;
import orrery.kernel.wait.Caller;
import orrery.kernel.wait.TimerQueue;

/** The file side of one kernel: its parts, and what they all share. */
public final class Vfs {
  /** Open files in the whole system. */
  private static final int MAX_OPEN_FILES = 1 << 17;

  /** Of all bytes of RAM, one in this many is what names and inodes may take of the heap. */
  private static final int BUDGET_PART = 16;

  /** Of the heap, the part (one in this many) that they may take. */
  private static final int HEAP_PART = 4;

  private static final long LEAST_BUDGET = 4 << 20;

  private final FrameAllocator frames;
  private final TimerQueue timers;
  private final FileClock clock;
  private final Mounts mounts = new Mounts();
  private final DeviceTable devices = new DeviceTable();
  private final PathWalker walker = new PathWalker(mounts);
  private final Opener opener = new Opener(walker);
  private final NameOperations names = new NameOperations(walker);
  private final OpenFileCount openFiles = new OpenFileCount(MAX_OPEN_FILES);
  private final AnonymousFileSystem anonymous;
  private final Budget budget;
  private Synchronizer synchronizer = c -> 0;

  /**
   * @param frames where pages of files and pipes come from
   * @param timers what timer descriptors run on
   * @param clock what files are stamped with
   */
  public Vfs(FrameAllocator frames, TimerQueue timers, FileClock clock) {
    this.frames = frames;
    this.timers = timers;
    this.clock = clock;
    long heap = Runtime.getRuntime().maxMemory() / HEAP_PART;
    long share = Math.min(frames.memory().size() / BUDGET_PART, heap);
    budget = Budget.space(Math.max(LEAST_BUDGET, share));
    anonymous = new AnonymousFileSystem(clock);
    mounts.number(anonymous);
  }

  public FrameAllocator frames() {
    return frames;
  }

  public PhysicalMemory memory() {
    return frames.memory();
  }

  public TimerQueue timers() {
    return timers;
  }

  public FileClock clock() {
    return clock;
  }

  /** What all file systems in memory together may take of the heap. */
  public Budget budget() {
    return budget;
  }

  /** What has files written to where they last. */
  public Synchronizer synchronizer() {
    return synchronizer;
  }

  /** There are files that do not live in memory: {@code s} has them written. */
  public void synchronizer(Synchronizer s) {
    synchronizer = s;
  }

  public Mounts mounts() {
    return mounts;
  }

  public DeviceTable devices() {
    return devices;
  }

  public PathWalker walker() {
    return walker;
  }

  public Opener opener() {
    return opener;
  }

  public NameOperations names() {
    return names;
  }

  public OpenFileCount openFiles() {
    return openFiles;
  }

  /** Where files without a name live: pipes, eventfds and so on. */
  public AnonymousFileSystem anonymous() {
    return anonymous;
  }

  /** What {@code path} names for a process with context {@code fs}; follows links. */
  public Location find(Caller c, FileSystemContext fs, String path) {
    return walker.find(c, fs, path);
  }

  /** Opens {@code path} from the current folder; see {@link Opener#open}. */
  public OpenFile open(Caller c, FileSystemContext fs, String path, int flags, int mode) {
    return opener.open(c, fs, null, path, flags, mode, 0);
  }

  /** A first process's descriptor table. */
  public FileTable newFileTable() {
    return new FileTable(openFiles);
  }

  /** A first process's context: at the root, umask 022. */
  public FileSystemContext newContext() {
    Location root = mounts.root();
    return new FileSystemContext(root, root, 022);
  }
}
