package orrery.kernel.task;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.memory.AddressSpace;
import orrery.kernel.memory.Mapping;
import orrery.kernel.wait.Caller;

/**
 * Futexes: threads that wait for the change of a word in their memory. See futex(2); the lists of
 * robust futexes that a thread leaves behind when it ends are described in Linux's {@code
 * Documentation/locking/robust-futex-ABI.rst}.
 */
public final class Futexes {
  /** Matches every waiter. */
  public static final int ANY = -1;

  private static final int TID_MASK = 0x3fff_ffff;
  private static final int OWNER_DIED = 0x4000_0000;
  private static final int WAITERS = 0x8000_0000;

  // struct robust_list_head
  private static final long HEAD_OFFSET = 8;
  private static final long HEAD_PENDING = 16;

  /** Bit 0 of an entry's address: the lock inherits priority. */
  private static final long ENTRY_PI = 1;

  /** A list may be a ring, or endless. */
  private static final int ROBUST_LIST_LIMIT = 2048;

  private final ProcessTable table;
  private final FutexQueues queues = new FutexQueues();
  private final Waiting[] waiters = new Waiting[ProcessTable.PID_MAX];
  private int lockWaiters;

  // The futex last located.
  private Object keySpace;
  private long keyAddress;

  /** A thread's wait; kept by thread number and used again. */
  private static final class Waiting extends FutexWaiter {
    private Task task;
    private boolean woken;

    /** It waits for a lock that inherits priority: its waker hands the lock over. */
    private boolean forLock;

    private long userAddress;

    @Override
    protected void woken() {
      woken = true;
      task.wake();
    }
  }

  public Futexes(ProcessTable table) {
    this.table = table;
  }

  /**
   * Waits while the word at {@code address} is {@code value}.
   *
   * @param shared whether other address spaces may wake the thread
   * @param bitset which wake-ups to heed
   * @param interrupted the error number if a signal comes
   */
  public long await(Task t, long address, boolean shared, int value, int bitset, int interrupted) {
    Waiting w = waiting(t);
    if (w.woken) {
      w.woken = false;
      return 0;
    }
    if (!w.isQueued()) {
      if (t.memory().readInt(address) != value) {
        return -Errno.EAGAIN;
      }
      locate(t, address, shared);
      enqueue(w, t, address, bitset, false);
    }
    return sleep(t, w, interrupted);
  }

  private long sleep(Task t, Waiting w, int interrupted) {
    if (t.timedOut()) {
      dequeue(w);
      return -Errno.ETIMEDOUT;
    }
    long result = t.sleep(interrupted);
    if (result != Caller.BLOCKED) {
      dequeue(w);
    }
    return result;
  }

  /** Wakes up to {@code count} threads that heed a bit of {@code bitset}; returns how many. */
  public long wake(Task t, long address, boolean shared, int count, int bitset) {
    locate(t, address, shared);
    return queues.wake(keySpace, keyAddress, count, bitset);
  }

  /**
   * Wakes up to {@code wake} threads that wait at {@code from} and moves up to {@code move} others
   * to {@code to}; returns how many in all.
   */
  public long requeue(Task t, long from, long to, boolean shared, int wake, int move) {
    locate(t, to, shared);
    Object toSpace = keySpace;
    long toAddress = keyAddress;
    locate(t, from, shared);
    int woken = queues.wake(keySpace, keyAddress, wake, ANY);
    if (toSpace == keySpace && toAddress == keyAddress) {
      return woken;
    }
    return woken + queues.requeue(keySpace, keyAddress, move, toSpace, toAddress);
  }

  /**
   * Takes a lock that inherits priority, or waits for it.
   *
   * @param wait false to answer EAGAIN instead of waiting
   */
  public long lock(Task t, long address, boolean shared, boolean wait) {
    Waiting w = waiting(t);
    if (w.woken) {
      w.woken = false;
      return 0;
    }
    if (!w.isQueued()) {
      int word = t.memory().readInt(address);
      int owner = word & TID_MASK;
      locate(t, address, shared);
      if (owner == t.tid()) {
        return -Errno.EDEADLK;
      }
      if (owner == 0) {
        boolean others = queues.first(keySpace, keyAddress) != null;
        t.memory().writeInt(address, t.tid() | word & OWNER_DIED | (others ? WAITERS : 0));
        return 0;
      }
      if (!wait) {
        return -Errno.EAGAIN;
      }
      if (table.task(owner) == null) {
        return -Errno.ESRCH;
      }
      t.memory().writeInt(address, word | WAITERS);
      enqueue(w, t, address, FutexQueues.UNWAKEABLE, true);
    }
    return sleep(t, w, Errno.ERESTARTNOINTR);
  }

  /** Gives a lock that inherits priority to the thread that has waited longest for it. */
  public long unlock(Task t, long address, boolean shared) {
    int word = t.memory().readInt(address);
    if ((word & TID_MASK) != t.tid()) {
      return -Errno.EPERM;
    }
    locate(t, address, shared);
    handOver(t.memory(), address, 0);
    return 0;
  }

  /** Gives the lock located last to its oldest waiter, or frees it. */
  private void handOver(AddressSpace memory, long address, int flags) {
    FutexWaiter heir = queues.first(keySpace, keyAddress);
    if (!(heir instanceof Waiting w) || !w.forLock) {
      memory.writeInt(address, flags);
      return;
    }
    int waiters = queues.after(w) != null ? WAITERS : 0;
    memory.writeInt(address, w.task.tid() | waiters | flags);
    dequeue(w);
    w.woken();
  }

  /**
   * {@code t} ends or leaves its memory for a new program: whoever waits for its locks or for its
   * end is told.
   */
  public void threadEnded(Task t) {
    Waiting own = waiters[t.tid()];
    if (own != null) {
      dequeue(own);
      own.woken = false;
      own.task = null;
    }
    if (t.robustList() != 0) {
      releaseRobustLocks(t);
      t.robustList(0);
    }
    if (lockWaiters != 0) {
      releaseLocks(t);
    }
    if (t.clearChildTid() != 0) {
      clearTid(t);
      t.clearChildTid(0);
    }
  }

  private void clearTid(Task t) {
    try {
      t.memory().writeInt(t.clearChildTid(), 0);
      wake(t, t.clearChildTid(), true, 1, ANY);
    } catch (ErrnoException badPointer) {
      // as on Linux: nobody is left to be told
    }
  }

  private void releaseRobustLocks(Task t) {
    AddressSpace m = t.memory();
    long head = t.robustList();
    try {
      long entry = m.readLong(head);
      long offset = m.readLong(head + HEAD_OFFSET);
      long pending = m.readLong(head + HEAD_PENDING);
      for (int i = 0; i < ROBUST_LIST_LIMIT && (entry & ~ENTRY_PI) != head; i++) {
        // the next one first: the new owner may free this one
        long next = m.readLong(entry & ~ENTRY_PI);
        if (entry != pending) {
          ownerDied(t, (entry & ~ENTRY_PI) + offset, (entry & ENTRY_PI) != 0, false);
        }
        entry = next;
      }
      if (pending != 0) {
        ownerDied(t, (pending & ~ENTRY_PI) + offset, (pending & ENTRY_PI) != 0, true);
      }
    } catch (ErrnoException badList) {
      // as on Linux: the rest of a broken list is lost
    }
  }

  private void ownerDied(Task t, long address, boolean inherits, boolean pending) {
    if ((address & 3) != 0) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    int word = t.memory().readInt(address);
    if (pending && !inherits && word == 0) {
      // it died between freeing the lock and waking the next one
      wake(t, address, true, 1, ANY);
      return;
    }
    if ((word & TID_MASK) != t.tid()) {
      return;
    }
    if (inherits) {
      locateWaiter(t, address);
      handOver(t.memory(), address, OWNER_DIED);
      return;
    }
    t.memory().writeInt(address, word & WAITERS | OWNER_DIED);
    if ((word & WAITERS) != 0) {
      wake(t, address, true, 1, ANY);
    }
  }

  /** Locks that inherit priority are handed over even if they are in no robust list. */
  private void releaseLocks(Task t) {
    for (Waiting w : waiters) {
      if (w == null || !w.isQueued() || !w.forLock || w.task.memory() != t.memory()) {
        continue;
      }
      try {
        if ((t.memory().readInt(w.userAddress) & TID_MASK) == t.tid()) {
          keySpace = w.space;
          keyAddress = w.address;
          handOver(t.memory(), w.userAddress, OWNER_DIED);
        }
      } catch (ErrnoException unmapped) {
        // the lock's memory is gone, its waiters stay as they are on Linux
      }
    }
  }

  /** Locates a lock as its waiters did, who may have said that it is private or not. */
  private void locateWaiter(Task t, long address) {
    locate(t, address, true);
    if (queues.first(keySpace, keyAddress) == null) {
      locate(t, address, false);
    }
  }

  /** A shared futex is known by its frame, if its mapping is shared; any other by its address. */
  private void locate(Task t, long address, boolean shared) {
    AddressSpace m = t.memory();
    Mapping mapping = shared ? m.mappingAt(address) : null;
    if (mapping != null && mapping.isShared()) {
      keySpace = null;
      keyAddress = m.physical(address, false);
    } else {
      keySpace = m;
      keyAddress = address;
    }
  }

  private void enqueue(Waiting w, Task t, long address, int bitset, boolean forLock) {
    w.task = t;
    w.userAddress = address;
    w.forLock = forLock;
    if (forLock) {
      lockWaiters++;
    }
    queues.add(w, keySpace, keyAddress, bitset);
  }

  private void dequeue(Waiting w) {
    if (w.isQueued()) {
      queues.remove(w);
      if (w.forLock) {
        lockWaiters--;
      }
    }
  }

  private Waiting waiting(Task t) {
    Waiting w = waiters[t.tid()];
    if (w == null) {
      w = new Waiting();
      waiters[t.tid()] = w;
    }
    return w;
  }
}
