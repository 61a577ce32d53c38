package orrery.kernel.fs;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.wait.WaitQueue;

/**
 * The advisory locks on one file: record locks of processes (fcntl F_SETLK; the owner is the {@link
 * FileTable}) and of open files (F_OFD_SETLK), and flock(2)'s whole-file locks of open files, which
 * do not know of the others.
 */
public final class FileLocks {
  /** Types of a record lock. Source: Linux {@code include/uapi/asm-generic/fcntl.h}. */
  public static final int F_RDLCK = 0;

  public static final int F_WRLCK = 1;
  public static final int F_UNLCK = 2;

  /** The end of a lock that reaches to the end of the file wherever that is. */
  public static final long TO_END = Long.MAX_VALUE;

  /** Estimated bytes of a lock. */
  private static final int COST = 64;

  /** A lock; those of one owner do not overlap. */
  public static final class Lock {
    final Object owner;
    final int pid;
    int type;
    long start;
    long end;
    private Lock next;

    private Lock(Object owner, int pid, int type, long start, long end) {
      this.owner = owner;
      this.pid = pid;
      this.type = type;
      this.start = start;
      this.end = end;
    }

    /** F_RDLCK or F_WRLCK. */
    public int type() {
      return type;
    }

    /** First byte. */
    public long start() {
      return start;
    }

    /** Last byte, {@link #TO_END} for all that follow. */
    public long end() {
      return end;
    }

    /** The process that took it; -1 for an open file's lock. */
    public int pid() {
      return pid;
    }

    /** Who has it: a FileTable or an OpenFile. */
    public Object owner() {
      return owner;
    }
  }

  private final Budget budget;
  private final WaitQueue waiters = new WaitQueue();
  private Lock records;
  private Lock wholes;

  FileLocks(Budget budget) {
    this.budget = budget;
  }

  /** Woken whenever a lock goes or shrinks. */
  public WaitQueue waiters() {
    return waiters;
  }

  /** A record lock that keeps {@code owner} from locking bytes start to end; null if none does. */
  public Lock conflict(Object owner, int type, long start, long end) {
    for (Lock l = records; l != null; l = l.next) {
      if (l.owner != owner
          && l.start <= end
          && start <= l.end
          && (type == F_WRLCK || l.type == F_WRLCK)) {
        return l;
      }
    }
    return null;
  }

  /**
   * Gives {@code owner} a record lock on bytes start to end (or takes it away, F_UNLCK) in place of
   * what it has there; conflicts were ruled out. Throws ENOLCK.
   */
  public void set(Object owner, int pid, int type, long start, long end) {
    // A lock in the middle splits one of the owner's in two; what it may need is taken first.
    int reserve = 2 * COST;
    if (!budget.tryTake(reserve)) {
      throw ErrnoException.of(Errno.ENOLCK);
    }
    int spare = 2;
    long from = start;
    long to = end;
    boolean shrunk = false;
    Lock before = null;
    for (Lock l = records; l != null; l = l.next) {
      if (l.owner != owner) {
        before = l;
        continue;
      }
      if (l.type == type) {
        boolean apart =
            l.end < from && l.end + 1 != from
                || to < l.start && (to == TO_END || to + 1 != l.start);
        if (apart) {
          before = l;
          continue;
        }
        from = Math.min(from, l.start);
        to = Math.max(to, l.end);
        records = without(records, before, l);
        budget.give(COST);
        continue;
      }
      if (l.end < from || to < l.start) {
        before = l;
        continue;
      }
      shrunk = true;
      if (l.start < from && to < l.end) {
        Lock tail = new Lock(owner, pid, l.type, to + 1, l.end);
        spare--;
        tail.next = l.next;
        l.end = from - 1;
        l.next = tail;
        before = tail;
        l = tail;
      } else if (l.start < from) {
        l.end = from - 1;
        before = l;
      } else if (to < l.end) {
        l.start = to + 1;
        before = l;
      } else {
        records = without(records, before, l);
        budget.give(COST);
      }
    }
    if (type != F_UNLCK) {
      Lock added = new Lock(owner, pid, type, from, to);
      spare--;
      added.next = records;
      records = added;
    }
    budget.give((long) spare * COST);
    if (shrunk) {
      waiters.wakeAll();
    }
  }

  private static Lock without(Lock first, Lock before, Lock l) {
    if (before == null) {
      return l.next;
    }
    before.next = l.next;
    return first;
  }

  /** All record locks of {@code owner} go. */
  public void releaseOwner(Object owner) {
    boolean any = false;
    Lock before = null;
    for (Lock l = records; l != null; l = l.next) {
      if (l.owner == owner) {
        records = without(records, before, l);
        budget.give(COST);
        any = true;
      } else {
        before = l;
      }
    }
    if (any) {
      waiters.wakeAll();
    }
  }

  /** {@code file} is closed: its locks of both kinds go. */
  void releaseFile(OpenFile file) {
    releaseOwner(file);
    unlockWhole(file);
  }

  /**
   * flock(2): gives {@code file} a lock of the whole file in place of the one it has.
   *
   * @param type F_RDLCK (shared) or F_WRLCK (exclusive)
   * @return false if another open file's lock is in the way; then {@code file} has none
   */
  public boolean lockWhole(OpenFile file, int pid, int type) {
    for (Lock l = wholes; l != null; l = l.next) {
      if (l.owner == file) {
        if (l.type == type) {
          return true;
        }
        unlockWhole(file);
        break;
      }
    }
    for (Lock l = wholes; l != null; l = l.next) {
      if (type == F_WRLCK || l.type == F_WRLCK) {
        return false;
      }
    }
    if (!budget.tryTake(COST)) {
      throw ErrnoException.of(Errno.ENOLCK);
    }
    Lock added = new Lock(file, pid, type, 0, TO_END);
    added.next = wholes;
    wholes = added;
    return true;
  }

  /** flock(2) with LOCK_UN. */
  public void unlockWhole(OpenFile file) {
    Lock before = null;
    for (Lock l = wholes; l != null; l = l.next) {
      if (l.owner == file) {
        wholes = without(wholes, before, l);
        budget.give(COST);
        waiters.wakeAll();
        return;
      }
      before = l;
    }
  }
}
