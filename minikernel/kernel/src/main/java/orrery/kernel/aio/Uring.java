package orrery.kernel.aio;

import java.util.ArrayDeque;
import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.abi.OpenFlag;
import orrery.kernel.abi.PollEvent;
import orrery.kernel.disk.AsynchronousFile;
import orrery.kernel.fs.FileTable;
import orrery.kernel.fs.OpenFile;
import orrery.kernel.fs.Vfs;
import orrery.kernel.memory.PageSource;
import orrery.kernel.wait.Caller;
import orrery.kernel.wait.PollTable;
import orrery.kernel.wait.TimerQueue;
import orrery.kernel.wait.WaitQueue;

/**
 * An instance of io_uring(7): the program writes what it wants into one ring and reads what came of
 * it from another. Everything in the rings may be changed by the program at any time: a number is
 * read once and checked, or masked.
 *
 * <p>Reads and writes of {@link AsynchronousFile}s go on beside the program; whatever else is known
 * is done when it is submitted.
 */
public final class Uring extends OpenFile {
  // Where things are in the rings' memory.
  static final int SQ_HEAD = 0;
  static final int SQ_TAIL = 4;
  static final int SQ_MASK = 8;
  static final int SQ_ENTRIES = 12;
  static final int SQ_FLAGS = 16;
  static final int SQ_DROPPED = 20;
  static final int CQ_HEAD = 64;
  static final int CQ_TAIL = 68;
  static final int CQ_MASK = 72;
  static final int CQ_ENTRIES = 76;
  static final int CQ_OVERFLOW = 80;
  static final int CQ_FLAGS = 84;
  static final int CQ_EVENTS = 128;

  private static final int EVENT_SIZE = 16;
  private static final int ENTRY_SIZE = 64;

  /** IORING_CQE_F_MORE: more completions of the same entry come. */
  private static final int CQE_MORE = 2;

  private static final int SQ_NEED_WAKEUP = 1;
  private static final int SQ_CQ_OVERFLOW = 2;
  private static final int SQ_TASKRUN = 4;

  // Where mmap(2) finds them.
  private static final long OFF_SQ_RING = 0;
  private static final long OFF_CQ_RING = 0x800_0000;
  private static final long OFF_SQES = 0x1000_0000;

  private static final int RINGS = 0;
  private static final int ENTRIES = 1;

  /** io_uring_enter(2): wait for completions. */
  public static final int ENTER_GETEVENTS = 1;

  /** io_uring_enter(2): the argument is a structure. */
  public static final int ENTER_EXT_ARG = 8;

  /** io_uring_enter(2): wake the thread that submits. */
  private static final int ENTER_SQ_WAKEUP = 2;

  /** io_uring_enter(2): wait until that thread has made room for an entry. */
  private static final int ENTER_SQ_WAIT = 4;

  /** What io_uring_enter(2) knows. */
  public static final int ENTER_KNOWN =
      ENTER_GETEVENTS | ENTER_SQ_WAKEUP | ENTER_SQ_WAIT | ENTER_EXT_ARG;

  /** One completion that had no room in its ring. */
  private record Late(long data, int result, int flags) {}

  private final RingMemory memory;
  private final WaitQueue waiters = new WaitQueue();
  private final ArrayDeque<Late> late = new ArrayDeque<>();
  private final UringResources resources = new UringResources();
  private final UringEntry entry;
  private final UringWork work;
  private final RingThreads threads;
  private final TimerQueue timers;
  private RingThreads.RingThread thread;
  private SubmissionPoll polling;
  private boolean wakeUp;
  private final int submissions;
  private final int completions;
  private final boolean submitsAll;
  private int tail;
  private int underWay;
  private AsynchronousFile lastFile;
  private boolean dead;

  Uring(Vfs vfs, RingThreads threads, int submissions, int completions, boolean submitsAll) {
    super(vfs.anonymous().shared(), OpenFlag.O_RDWR);
    this.threads = threads;
    this.timers = vfs.timers();
    this.submissions = submissions;
    this.completions = completions;
    this.submitsAll = submitsAll;
    long rings = arrayOffset() + (long) submissions * Integer.BYTES;
    memory =
        new RingMemory(
            vfs.frames(),
            new long[] {rings, (long) submissions * ENTRY_SIZE},
            new long[] {OFF_SQ_RING, OFF_CQ_RING, OFF_SQES},
            new int[] {RINGS, RINGS, ENTRIES},
            () -> {});
    memory.writeInt(RINGS, SQ_MASK, submissions - 1);
    memory.writeInt(RINGS, SQ_ENTRIES, submissions);
    memory.writeInt(RINGS, CQ_MASK, completions - 1);
    memory.writeInt(RINGS, CQ_ENTRIES, completions);
    entry = new UringEntry(this);
    work = new UringWork(this, entry, vfs.timers());
  }

  /** Where the indices of submitted entries are. */
  int arrayOffset() {
    return CQ_EVENTS + completions * EVENT_SIZE;
  }

  /** Buffers, files and so on that the program has registered. */
  public UringResources resources() {
    return resources;
  }

  /** What does not simply begin. */
  UringWork work() {
    return work;
  }

  @Override
  public String path() {
    return "anon_inode:[io_uring]";
  }

  @Override
  public PageSource mapping() {
    return memory;
  }

  // ---- Threads that work for it ----

  /** A thread submits what the program puts into the ring, until nothing has come for so long. */
  void pollSubmissions(Caller creator, long idle) {
    polling = new SubmissionPoll(this, timers, idle);
    wakeUp = true;
    thread = threads.start(creator, "iou-sqp", polling);
  }

  /** Something will have to be done in the program's name that may not enter the kernel for it. */
  void needsThread(Caller creator) {
    if (thread == null || polling == null && !thread.isAlive()) {
      try {
        thread = threads.start(creator, "iou-wrk", this::runWork);
      } catch (ErrnoException tooMany) {
        thread = null; // then the program has to enter the kernel
      }
    }
  }

  private boolean runWork(Caller c, FileTable files) {
    if (!dead) {
      goOn(c, files);
    }
    return !dead;
  }

  boolean isDead() {
    return dead;
  }

  /** The thread has a turn soon. */
  void urge() {
    if (thread != null && thread.isAlive()) {
      thread.urge();
    }
  }

  /** Whether somebody has asked the thread to wake up since this was asked last. */
  boolean takesWakeUp() {
    boolean was = wakeUp;
    wakeUp = false;
    return was;
  }

  /** Tells the program whether it has to wake the thread after putting something into the ring. */
  void needsWakeUp(boolean needs) {
    flag(SQ_NEED_WAKEUP, needs);
  }

  /** The thread submits what is there; how many entries that was. */
  int submitAll(Caller c, FileTable files) {
    int n = submit(c, files, submissions);
    bringLate();
    return n;
  }

  /** io_uring_enter(2) of a ring whose thread submits. */
  private long enterPolled(Caller c, int submits, int least, int flags) {
    if (!thread.isAlive()) {
      return -Errno.EOWNERDEAD;
    }
    if (!c.restarted() && (flags & ENTER_SQ_WAKEUP) != 0) {
      wakeUp = true;
    }
    urge();
    bringLate();
    if ((flags & ENTER_SQ_WAIT) != 0 && isFull()) {
      return c.timedOut() ? -Errno.ETIME : c.sleepOn(waiters);
    }
    return (flags & ENTER_GETEVENTS) == 0 ? submits : await(c, submits, least);
  }

  private boolean isFull() {
    return memory.readInt(RINGS, SQ_TAIL) - memory.readInt(RINGS, SQ_HEAD) >= submissions;
  }

  /** Sleeps until so many completions are there. */
  private long await(Caller c, int submits, int least) {
    if (ready() < Math.min(Math.max(least, 0), completions)) {
      look();
    }
    if (ready() >= Math.min(Math.max(least, 0), completions)) {
      return submits;
    }
    if (c.timedOut()) {
      return submits > 0 ? submits : -Errno.ETIME;
    }
    c.add(waiters);
    long answer = c.sleep(Errno.EINTR);
    return answer != Caller.BLOCKED && submits > 0 ? submits : answer;
  }

  // ---- The program enters the kernel ----

  /**
   * io_uring_enter(2); the deadline is set.
   *
   * @param submits how many entries to submit
   * @param least how many completions to wait for, with {@link #ENTER_GETEVENTS}
   * @return how many were submitted, {@code -errno}, or {@link Caller#BLOCKED}
   */
  public long enter(Caller c, FileTable files, int submits, int least, int flags) {
    if (polling != null) {
      return enterPolled(c, submits, least, flags);
    }
    long submitted = c.progress() - 1; // the first attempt has submitted all there was
    if (submitted < 0) {
      submitted = submit(c, files, submits);
    } else {
      goOn(c, files);
    }
    bringLate();
    if ((flags & ENTER_GETEVENTS) == 0) {
      return submitted;
    }
    int wanted = Math.min(Math.max(least, 0), completions);
    if (ready() < wanted) {
      look();
      while (work.isReady()) {
        goOn(c, files); // nobody would wake this call for it
        look();
      }
    }
    if (ready() >= wanted || submitted < submits) {
      return submitted;
    }
    if (c.timedOut()) {
      return submitted > 0 ? submitted : -Errno.ETIME;
    }
    c.progress(submitted + 1);
    c.add(waiters);
    long answer = c.sleep(Errno.EINTR);
    return answer != Caller.BLOCKED && submitted > 0 ? submitted : answer;
  }

  /** Does what became possible while the program slept; it is no part of the call's progress. */
  private void goOn(Caller c, FileTable files) {
    long progress = c.progress();
    c.progress(0);
    entry.begin(c, files);
    try {
      flag(SQ_TASKRUN, false);
      work.run();
    } finally {
      entry.end();
      c.progress(progress);
    }
  }

  private void flag(int flag, boolean on) {
    int flags = memory.readInt(RINGS, SQ_FLAGS);
    memory.writeInt(RINGS, SQ_FLAGS, on ? flags | flag : flags & ~flag);
  }

  /** There is something to do that only the program can: in its name, with its memory. */
  void wantsProgram() {
    if (!dead) {
      flag(SQ_TASKRUN, true);
      waiters.wakeAll();
      urge();
    }
  }

  private int submit(Caller c, FileTable files, int most) {
    int head = memory.readInt(RINGS, SQ_HEAD);
    int there = memory.readInt(RINGS, SQ_TAIL) - head;
    int count = Math.min(Math.min(Math.max(most, 0), submissions), there);
    int done = 0;
    boolean goesOn = true;
    entry.begin(c, files);
    try {
      flag(SQ_TASKRUN, false);
      work.run();
      while (done < count && goesOn) {
        int slot = head + done & submissions - 1;
        int index = memory.readInt(RINGS, arrayOffset() + (long) slot * Integer.BYTES);
        done++;
        if (index < 0 || index >= submissions) {
          int dropped = memory.readInt(RINGS, SQ_DROPPED);
          memory.writeInt(RINGS, SQ_DROPPED, dropped + 1);
          break;
        }
        memory.read(ENTRIES, (long) index * ENTRY_SIZE, entry.bytes(), ENTRY_SIZE);
        boolean taken =
            work.takes(entry.bytes()) ? work.submit(entry.bytes(), c.memory()) : entry.start();
        goesOn = taken || submitsAll;
      }
      work.endChain();
      work.run();
    } finally {
      entry.end();
      memory.writeInt(RINGS, SQ_HEAD, head + done);
    }
    if (polling != null && done > 0) {
      waiters.wakeAll(); // there is room
    }
    return done;
  }

  void began(AsynchronousFile file) {
    underWay++;
    lastFile = file;
  }

  /** What was begun has ended. */
  void ended(long data, long result) {
    underWay--;
    complete(data, result);
    work.completed();
    work.ended();
  }

  /** What was begun for one that others hang on has ended. */
  void noMore() {
    underWay--;
  }

  /** Tells the program that an entry has ended. */
  void complete(long data, long result) {
    if (dead) {
      return;
    }
    if (hasRoom()) {
      put(data, (int) result, 0);
    } else {
      late.add(new Late(data, (int) result, 0));
      flag(SQ_CQ_OVERFLOW, true);
    }
    told();
  }

  /**
   * Tells the program of something before an entry has ended.
   *
   * @return false if there is no room to: as in Linux that is to be the entry's end
   */
  boolean more(long data, long result) {
    if (dead || !hasRoom()) {
      return false;
    }
    put(data, (int) result, CQE_MORE);
    told();
    return true;
  }

  private boolean hasRoom() {
    return late.isEmpty() && ready() < completions;
  }

  private void told() {
    resources.notifyEvent();
    waiters.wakeAll();
  }

  private void put(long data, int result, int flags) {
    long at = CQ_EVENTS + (long) (tail & completions - 1) * EVENT_SIZE;
    memory.writeLong(RINGS, at, data);
    memory.writeInt(RINGS, at + 8, result);
    memory.writeInt(RINGS, at + 12, flags);
    tail++;
    memory.writeInt(RINGS, CQ_TAIL, tail);
  }

  private void bringLate() {
    while (!late.isEmpty() && ready() < completions) {
      Late l = late.remove();
      put(l.data, l.result, l.flags);
      if (late.isEmpty()) {
        flag(SQ_CQ_OVERFLOW, false);
      }
    }
  }

  /** Completions that the program has not taken; nonsense in its head counts as none taken. */
  private int ready() {
    int n = tail - memory.readInt(RINGS, CQ_HEAD);
    return n < 0 || n > completions ? completions : n;
  }

  private void look() {
    if (underWay > 0 && lastFile != null) {
      lastFile.look();
    }
  }

  @Override
  public int poll(PollTable table) {
    work.look();
    if (table != null) {
      table.add(waiters);
    }
    bringLate();
    int room = isFull() ? 0 : PollEvent.WRITABLE;
    return ready() > 0 || work.isReady() ? room | PollEvent.READABLE : room;
  }

  @Override
  protected void release() {
    dead = true;
    if (polling != null) {
      polling.stop();
    }
    urge();
    work.release();
    resources.release();
    memory.release();
  }
}
