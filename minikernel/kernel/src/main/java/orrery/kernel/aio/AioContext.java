package orrery.kernel.aio;

import orrery.kernel.disk.AsynchronousFile;
import orrery.kernel.memory.AddressSpace;
import orrery.kernel.memory.FrameAllocator;
import orrery.kernel.memory.UserMemory;
import orrery.kernel.wait.WaitQueue;

/**
 * A context of io_setup(2): operations under way, and the ring of those that have ended, which lies
 * in the program's memory. Source of the layout: Linux {@code fs/aio.c}, struct aio_ring, which
 * libaio knows too.
 */
public final class AioContext {
  /** Bytes of struct io_event. */
  static final int EVENT_SIZE = 32;

  private static final int HEADER_SIZE = 32;
  private static final int RING_NR = 4;
  private static final int RING_HEAD = 8;
  private static final int RING_TAIL = 12;
  private static final int RING_MAGIC = 16;
  private static final int RING_COMPATIBLE = 20;
  private static final int RING_HEADER_LENGTH = 28;
  private static final int MAGIC = 0xa10a10a1;
  private static final int PAGE = 4096;

  private final AddressSpace space;
  private final RingMemory ring;
  private final WaitQueue waiters = new WaitQueue();
  private final int capacity;
  private final int entries;
  private final byte[] event = new byte[EVENT_SIZE];
  private Operation pool;
  private AsynchronousFile lastFile;
  private int underWay;
  private int tail;
  private long address;
  private boolean dead;

  /**
   * @param capacity operations at once, and events that nobody has taken yet
   */
  AioContext(AddressSpace space, FrameAllocator frames, int capacity) {
    this.space = space;
    this.capacity = capacity;
    int bytes = HEADER_SIZE + (capacity + 1) * EVENT_SIZE + PAGE - 1 & -PAGE;
    entries = (bytes - HEADER_SIZE) / EVENT_SIZE;
    ring = new RingMemory(frames, new long[] {bytes}, new long[1], new int[1], this::unmapped);
    ring.writeInt(0, RING_NR, entries);
    ring.writeInt(0, RING_MAGIC, MAGIC);
    ring.writeInt(0, RING_COMPATIBLE, 1);
    ring.writeInt(0, RING_HEADER_LENGTH, HEADER_SIZE);
  }

  RingMemory ring() {
    return ring;
  }

  AddressSpace space() {
    return space;
  }

  /** It is mapped there: that is its name. */
  void address(long va) {
    address = va;
  }

  long address() {
    return address;
  }

  boolean isDead() {
    return dead;
  }

  boolean isBusy() {
    return underWay > 0;
  }

  WaitQueue waiters() {
    return waiters;
  }

  /** Nobody uses it any more. */
  void kill() {
    if (!dead) {
      dead = true;
      ring.release();
      waiters.wakeAll();
    }
  }

  private void unmapped() {
    kill();
  }

  /** Where the program, or {@link #take}, goes on to take events: the program may write there. */
  private int head() {
    return Integer.remainderUnsigned(ring.readInt(0, RING_HEAD), entries);
  }

  /** Events that nobody has taken yet. */
  int ready() {
    int n = tail - head();
    return n < 0 ? n + entries : n;
  }

  /** A new operation; null if there are too many. */
  Operation begin() {
    if (underWay + ready() >= capacity) {
      return null;
    }
    underWay++;
    Operation o = pool;
    if (o == null) {
      return new Operation(this);
    }
    pool = o.next;
    return o;
  }

  /** It was not begun after all. */
  void refuse(Operation o) {
    o.refused();
    underWay--;
    o.next = pool;
    pool = o;
  }

  void ended(Operation o, long data, long block, long result) {
    underWay--;
    o.next = pool;
    pool = o;
    if (!dead) {
      long at = HEADER_SIZE + (long) tail * EVENT_SIZE;
      ring.writeLong(0, at, data);
      ring.writeLong(0, at + 8, block);
      ring.writeLong(0, at + 16, result);
      ring.writeLong(0, at + 24, 0);
      tail = tail + 1 == entries ? 0 : tail + 1;
      ring.writeInt(0, RING_TAIL, tail);
    }
    waiters.wakeAll();
  }

  /** Operations were begun on this file last: its device is looked at before somebody waits. */
  void used(AsynchronousFile file) {
    lastFile = file;
  }

  /** Looks whether something has ended. */
  void look() {
    if (underWay > 0 && lastFile != null) {
      lastFile.look();
    }
  }

  /**
   * Copies events to the program; what a fault keeps from going there stays.
   *
   * @param most how many
   * @return how many
   */
  int take(UserMemory to, long at, int most) {
    int n = 0;
    int from = head();
    while (n < most && from != tail) {
      ring.read(0, HEADER_SIZE + (long) from * EVENT_SIZE, event, EVENT_SIZE);
      to.copyOut(event, 0, at + (long) n * EVENT_SIZE, EVENT_SIZE);
      from = from + 1 == entries ? 0 : from + 1;
      ring.writeInt(0, RING_HEAD, from);
      n++;
    }
    return n;
  }
}
