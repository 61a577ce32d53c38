package orrery.kernel.task;

/**
 * Who waits on which futex: a hash table of intrusive lists in order of arrival. A futex is named
 * by an address space and a virtual address or, if it is shared between spaces, by null and a
 * physical address. Nothing here allocates.
 */
final class FutexQueues {
  /** The bitset of a waiter that is neither woken nor requeued, but only taken out. */
  static final int UNWAKEABLE = 0;

  private static final int BUCKET_BITS = 8;
  private static final long GOLDEN_RATIO = 0x9e37_79b9_7f4a_7c15L;

  private final FutexWaiter[] first = new FutexWaiter[1 << BUCKET_BITS];
  private final FutexWaiter[] last = new FutexWaiter[1 << BUCKET_BITS];

  /** Puts {@code w}, which is in no queue, at the end of a futex's queue. */
  void add(FutexWaiter w, Object space, long address, int bitset) {
    w.space = space;
    w.address = address;
    w.bitset = bitset;
    w.queued = true;
    int b = bucket(address);
    w.next = null;
    w.previous = last[b];
    if (last[b] == null) {
      first[b] = w;
    } else {
      last[b].next = w;
    }
    last[b] = w;
  }

  /** Takes {@code w} out of its queue, if it is in one. */
  void remove(FutexWaiter w) {
    if (!w.queued) {
      return;
    }
    int b = bucket(w.address);
    if (w.previous == null) {
      first[b] = w.next;
    } else {
      w.previous.next = w.next;
    }
    if (w.next == null) {
      last[b] = w.previous;
    } else {
      w.next.previous = w.previous;
    }
    w.next = null;
    w.previous = null;
    w.space = null;
    w.queued = false;
  }

  /** The one that has waited longest on a futex; null if nobody does. */
  FutexWaiter first(Object space, long address) {
    return match(first[bucket(address)], space, address);
  }

  /** The next one after {@code w} on the same futex; null if there is none. */
  FutexWaiter after(FutexWaiter w) {
    return match(w.next, w.space, w.address);
  }

  /**
   * Wakes up to {@code count} waiters that share a bit with {@code bitset}, oldest first.
   *
   * @return how many
   */
  int wake(Object space, long address, int count, int bitset) {
    int woken = 0;
    FutexWaiter w = first(space, address);
    while (w != null && woken < count) {
      FutexWaiter next = after(w);
      if ((w.bitset & bitset) != 0) {
        remove(w);
        w.woken();
        woken++;
      }
      w = next;
    }
    return woken;
  }

  /**
   * Moves up to {@code count} waiters to the end of another futex's queue, oldest first.
   *
   * @return how many
   */
  int requeue(Object space, long address, int count, Object newSpace, long newAddress) {
    int moved = 0;
    FutexWaiter end = last[bucket(address)];
    FutexWaiter w = first(space, address);
    while (w != null && moved < count) {
      // those moved within the same bucket come after its old end: they are not met again
      FutexWaiter next = w == end ? null : after(w);
      if (w.bitset != UNWAKEABLE) {
        remove(w);
        add(w, newSpace, newAddress, w.bitset);
        moved++;
      }
      w = next;
    }
    return moved;
  }

  private static FutexWaiter match(FutexWaiter from, Object space, long address) {
    FutexWaiter w = from;
    while (w != null && (w.address != address || w.space != space)) {
      w = w.next;
    }
    return w;
  }

  static int bucket(long address) {
    return (int) ((address >>> 2) * GOLDEN_RATIO >>> (Long.SIZE - BUCKET_BITS));
  }
}
