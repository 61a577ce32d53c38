package orrery.kernel.fs.pipe;

import static orrery.kernel.hw.PhysicalMemory.FRAME_SHIFT;
import static orrery.kernel.hw.PhysicalMemory.FRAME_SIZE;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.abi.PollEvent;
import orrery.kernel.memory.FrameAllocator;
import orrery.kernel.memory.IoBuffer;
import orrery.kernel.wait.Caller;
import orrery.kernel.wait.WaitQueue;

/**
 * A pipe (pipe(7)): bytes in a ring of frames, which are taken as data comes and given back as it
 * goes. An empty pipe starts over at the beginning of its one remaining frame, so that small
 * messages going to and fro stay in the processor's cache.
 */
public final class Pipe {
  /** Writes of up to so many bytes are atomic. */
  public static final int PIPE_BUF = 4096;

  /** Bytes that a new pipe holds. */
  public static final int DEFAULT_CAPACITY = 65536;

  /** Bytes that a pipe can be made to hold (Linux: fs.pipe-max-size). */
  public static final int MAX_CAPACITY = 1 << 20;

  private static final int OFFSET_MASK = FRAME_SIZE - 1;

  private final FrameAllocator frames;
  private final WaitQueue readable = new WaitQueue();
  private final WaitQueue writable = new WaitQueue();

  // Those asleep in open(2) of a FIFO. Until they go on (and open their side) or end they stay in
  // these queues and count as an open side, so that the other side can rely on them.
  private final WaitQueue openingReaders = new WaitQueue();
  private final WaitQueue openingWriters = new WaitQueue();

  /** Frame of each page of the ring, 0 where there is none. */
  private long[] ring;

  // Bytes ever read and written since the pipe was last empty; in the ring modulo its size.
  private long head;
  private long tail;
  private int readers;
  private int writers;

  /** How many sides were ever opened, for those who wait for the other side of a FIFO. */
  private long readersEver;

  private long writersEver;

  /** An empty pipe with no side open. */
  public Pipe(FrameAllocator frames) {
    this.frames = frames;
    this.ring = new long[DEFAULT_CAPACITY >> FRAME_SHIFT];
  }

  void addReader() {
    readers++;
    readersEver++;
    openingWriters.wakeAll();
  }

  void addWriter() {
    writers++;
    writersEver++;
    openingReaders.wakeAll();
  }

  void removeReader() {
    readers--;
    sideClosed(writable);
  }

  void removeWriter() {
    writers--;
    sideClosed(readable);
  }

  /** One that waited to open a side has given up: those who counted on it look again. */
  void openerLeft() {
    sideClosed(readable);
    sideClosed(writable);
  }

  private void sideClosed(WaitQueue others) {
    if (!hasReaders() && !hasWriters()) {
      releaseFrames();
    } else {
      others.wakeAll();
    }
  }

  private void releaseFrames() {
    for (int i = 0; i < ring.length; i++) {
      if (ring[i] != 0) {
        frames.release(ring[i]);
        ring[i] = 0;
      }
    }
    head = 0;
    tail = 0;
  }

  boolean hasReaders() {
    return readers > 0 || !openingReaders.isEmpty();
  }

  boolean hasWriters() {
    return writers > 0 || !openingWriters.isEmpty();
  }

  WaitQueue openingReaders() {
    return openingReaders;
  }

  WaitQueue openingWriters() {
    return openingWriters;
  }

  long readersEver() {
    return readersEver;
  }

  long writersEver() {
    return writersEver;
  }

  WaitQueue readable() {
    return readable;
  }

  WaitQueue writable() {
    return writable;
  }

  /** Bytes that can be read. */
  public int available() {
    return (int) (tail - head);
  }

  /** Bytes that it can hold. */
  public int capacity() {
    return ring.length << FRAME_SHIFT;
  }

  private int room() {
    return capacity() - available();
  }

  /** F_SETPIPE_SZ: the new capacity or {@code -errno}. */
  long resize(long wanted) {
    if (wanted < 0 || wanted > Integer.MAX_VALUE) {
      return -Errno.EINVAL;
    }
    int bytes = FRAME_SIZE;
    while (bytes < wanted && bytes < MAX_CAPACITY) {
      bytes <<= 1;
    }
    if (bytes < wanted) {
      return -Errno.EPERM;
    }
    int pages = bytes >> FRAME_SHIFT;
    int first = (int) (head >>> FRAME_SHIFT);
    int used = head == tail ? 0 : (int) (tail - 1 >>> FRAME_SHIFT) - first + 1;
    if (used > pages || (tail - (head & -FRAME_SIZE)) > bytes) {
      return -Errno.EBUSY;
    }
    long[] next = new long[pages];
    if (used > ring.length) {
      // Data went around the ring into the page that it starts in: that page becomes two.
      long copy = frames.allocate();
      if (copy == FrameAllocator.NONE) {
        return -Errno.ENOMEM;
      }
      frames.memory().copy(ring[first & ring.length - 1], copy, FRAME_SIZE);
      next[--used] = copy;
    }
    for (int i = 0; i < used; i++) {
      int slot = first + i & ring.length - 1;
      next[i] = ring[slot];
      ring[slot] = 0;
    }
    int kept = available();
    int within = kept == 0 ? 0 : (int) head & OFFSET_MASK;
    releaseFrames();
    ring = next;
    head = within;
    tail = within + kept;
    writable.wakeAll();
    return bytes;
  }

  long read(Caller c, IoBuffer to, boolean nonBlocking) {
    if (to.remaining() == 0) {
      return 0;
    }
    if (head == tail) {
      if (!hasWriters()) {
        return 0;
      }
      return nonBlocking ? -Errno.EAGAIN : c.sleepOn(readable);
    }
    boolean crowded = room() < PIPE_BUF;
    long before = to.remaining();
    try {
      takeOut(to);
    } catch (ErrnoException e) {
      if (to.remaining() == before) {
        throw e;
      }
    }
    if (crowded && room() >= PIPE_BUF) {
      writable.wakeAll();
    }
    return before - to.remaining();
  }

  private void takeOut(IoBuffer to) {
    while (head < tail && to.remaining() > 0) {
      int slot = (int) (head >>> FRAME_SHIFT) & ring.length - 1;
      int within = (int) head & OFFSET_MASK;
      long n = Math.min(Math.min(FRAME_SIZE - within, tail - head), to.remaining());
      long before = to.remaining();
      try {
        to.put(ring[slot] + within, n);
      } finally {
        consumed(slot, before - to.remaining());
      }
    }
  }

  private void consumed(int slot, long n) {
    head += n;
    if (head == tail) {
      // Empty: the frame at hand becomes the first.
      long frame = ring[slot];
      ring[slot] = 0;
      ring[0] = frame;
      head = 0;
      tail = 0;
    } else if (((int) head & OFFSET_MASK) == 0 && n > 0 && tail <= head + capacity() - FRAME_SIZE) {
      // All of the page was read, and no new data went around the ring into its beginning.
      frames.release(ring[slot]);
      ring[slot] = 0;
    }
  }

  long write(Caller c, IoBuffer from, boolean nonBlocking) {
    if (!hasReaders()) {
      return c.progress() > 0 ? c.progress() : -Errno.EPIPE;
    }
    long before = from.remaining();
    if (before == 0) {
      return c.progress();
    }
    int room = room();
    // What remains of a longer write need not be atomic.
    boolean fits = room >= before || room > 0 && before + c.progress() > PIPE_BUF;
    if (fits) {
      try {
        putIn(from);
      } catch (ErrnoException e) {
        if (from.remaining() == before && c.progress() == 0) {
          throw e;
        }
        readable.wakeAll();
        return c.progress() + before - from.remaining();
      }
      readable.wakeAll();
      if (from.remaining() == 0) {
        return c.progress() + before;
      }
    }
    long done = c.progress() + before - from.remaining();
    if (nonBlocking) {
      return done > 0 ? done : -Errno.EAGAIN;
    }
    c.progress(done);
    long asleep = c.sleepOn(writable);
    return asleep != Caller.BLOCKED && done > 0 ? done : asleep;
  }

  private void putIn(IoBuffer from) {
    long end = head + capacity();
    while (tail < end && from.remaining() > 0) {
      int slot = (int) (tail >>> FRAME_SHIFT) & ring.length - 1;
      int within = (int) tail & OFFSET_MASK;
      if (ring[slot] == 0) {
        long frame = frames.allocate();
        if (frame == FrameAllocator.NONE) {
          throw ErrnoException.of(Errno.ENOMEM);
        }
        ring[slot] = frame;
      }
      long n = Math.min(Math.min(FRAME_SIZE - within, end - tail), from.remaining());
      long before = from.remaining();
      try {
        from.get(ring[slot] + within, n);
      } finally {
        tail += before - from.remaining();
      }
    }
  }

  int readEvents() {
    int events = head != tail ? PollEvent.READABLE : 0;
    return !hasWriters() ? events | PollEvent.POLLHUP : events;
  }

  int writeEvents() {
    int events = room() >= PIPE_BUF ? PollEvent.WRITABLE : 0;
    return !hasReaders() ? events | PollEvent.POLLERR : events;
  }
}
