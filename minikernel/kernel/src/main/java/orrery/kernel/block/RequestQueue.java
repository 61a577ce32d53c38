package orrery.kernel.block;

import static orrery.kernel.hw.PhysicalMemory.FRAME_SIZE;

import orrery.kernel.device.Driven;
import orrery.kernel.device.DriverCalls;
import orrery.kernel.memory.FrameAllocator;
import orrery.kernel.wait.KernelTimer;
import orrery.machine.dma.DmaWindows;

/**
 * The requests of one disk: what adjoins is merged, what is too long is split, first come is first
 * served. While the queue is plugged nothing goes to the driver, so that the pages of one call
 * become one request.
 *
 * <p>The frames of a request are held (a reference each) and lent to the device from its making to
 * its end.
 *
 * <p>The vCPU's thread. Nothing allocates once as many requests were made as are ever under way at
 * once.
 */
public final class RequestQueue extends DriverCalls.Later {
  /** How many of the newest requests are looked at for a merge. */
  private static final int MERGE_DEPTH = 16;

  /** How soon and how late a polled request that took its time is looked at again. */
  private static final long MIN_POLL_NANOS = 20_000;

  private static final long MAX_POLL_NANOS = 1_000_000;

  private final Driven driven;
  private final DriverCalls calls;
  private final BlockServices services;
  private final DmaWindows windows;
  private final FrameAllocator frames;
  private final DiskStatistics statistics = new DiskStatistics();
  private final int unit;
  private DiskGeometry geometry;
  private boolean gone;

  private QueuedRequest pool;

  // Those that wait for the driver, oldest first.
  private QueuedRequest first;
  private QueuedRequest last;

  /** Where those begin and end, and others did since there were none. */
  private final Borders borders = new Borders();

  private int plugs;
  private long plugNanos;
  private long timedCall = -1;
  private long callNanos;
  private int issued;
  private int polled;
  private long pollNanos;

  private final KernelTimer pollTimer =
      new KernelTimer() {
        @Override
        protected void expired() {
          poll();
        }
      };

  RequestQueue(
      Driven driven,
      DriverCalls calls,
      BlockServices services,
      DmaWindows windows,
      int unit,
      DiskGeometry geometry) {
    this.driven = driven;
    this.calls = calls;
    this.services = services;
    this.windows = windows;
    this.frames = services.frames();
    this.unit = unit;
    this.geometry = geometry;
  }

  /** The number under which the driver published the disk. */
  public int number() {
    return unit;
  }

  int blockShift() {
    return Integer.numberOfTrailingZeros(geometry.blockSize());
  }

  /** What the disk is like. */
  public DiskGeometry geometry() {
    return geometry;
  }

  /** What the disk has done. */
  public DiskStatistics statistics() {
    return statistics;
  }

  /** Whether the disk is gone for good: everything ends with {@link BlockStatus#OFFLINE}. */
  public boolean isGone() {
    return gone;
  }

  /** Whether nothing waits and the driver has nothing. */
  public boolean isIdle() {
    return issued == 0 && first == null;
  }

  /** Holds back what comes, to be merged. Nests. */
  public void plug() {
    if (plugs++ == 0) {
      plugNanos = 0;
    }
  }

  /** Ends a {@link #plug}: the driver gets what came. */
  public void unplug() {
    if (--plugs == 0) {
      start();
    }
  }

  /** The driver gets what came so far, plugged or not: somebody waits for it in place. */
  public void push() {
    int held = plugs;
    plugs = 0;
    start();
    plugs = held;
  }

  /**
   * Reads or writes one piece of a page; pieces that adjoin on the disk and in memory become one
   * request. Holds the frame until it is done.
   *
   * @param io waits for it
   * @param position bytes from the disk's start; the pieces between two borders of blocks come one
   *     after the other, within one plug
   * @param frame physical address of a page frame
   * @param within bytes into the page
   * @param length bytes, up to the page's end
   * @param forced whether a write is to be safe before it ends (FUA)
   * @param polling whether the submitter calls {@link #poll} next
   */
  public void transfer(
      BlockIo io,
      BlockOperation operation,
      long position,
      long frame,
      int within,
      int length,
      boolean forced,
      boolean polling) {
    long at = position;
    int from = within;
    int left = length;
    while (left > 0) {
      QueuedRequest into = behindLast(operation, at, frame, from, forced, polling);
      if (into == null && (borders.mayHave(at) || borders.mayHave(at + left))) {
        into = adjoining(operation, at, from, left, forced, polling);
      }
      int part = left;
      if (into == null) {
        into = make(operation, at, 0, forced, polling);
      } else if (into.end() == at) {
        part = (int) Math.min(left, geometry.maxTransfer() - into.extent());
      } else {
        hold(frame, into);
        into.prepend(frame, from, left);
        borders.add(into.position());
        waits(io, into);
        break;
      }
      if (into.append(frame, from, part)) {
        hold(frame, into);
      }
      borders.add(into.end());
      waits(io, into);
      at += part;
      from += part;
      left -= part;
    }
    if (plugs == 0) {
      start();
    }
  }

  /**
   * Asks for something without data: {@link BlockOperation#DISCARD}, {@link
   * BlockOperation#WRITE_ZEROES} or {@link BlockOperation#FLUSH}.
   *
   * @param position bytes from the disk's start, at a block's border
   * @param length bytes, whole blocks; 0 for a flush
   */
  public void command(BlockIo io, BlockOperation operation, long position, long length) {
    if (operation == BlockOperation.FLUSH) {
      if (geometry.volatileCache()) {
        make(operation, 0, 0, false, false).waits(io);
      }
    } else {
      long most =
          operation == BlockOperation.DISCARD ? geometry.maxDiscard() : geometry.maxWriteZeroes();
      long step = most << blockShift();
      for (long done = 0; done < length; done += step) {
        long part = Math.min(length - done, step);
        make(operation, position + done, part, false, false).waits(io);
      }
    }
    if (plugs == 0) {
      start();
    }
  }

  /** Looks whether the device has done something, for who waits for a polled request. */
  public void poll() {
    if (issued > 0 && driven.isBound()) {
      calls.want(poller);
    }
    if (polled > 0) {
      pollNanos = Math.min(pollNanos * 2, MAX_POLL_NANOS);
      services.timers().arm(pollTimer, services.clock().nanos() + pollNanos);
    }
  }

  private final DriverCalls.Later poller =
      new DriverCalls.Later() {
        @Override
        protected void run() {
          if (driven.isBound()) {
            driven.block().poll(unit);
          }
        }
      };

  /** The newest request, if the piece continues it. */
  private QueuedRequest behindLast(
      BlockOperation operation, long at, long frame, int from, boolean forced, boolean polling) {
    QueuedRequest r = last;
    boolean joins =
        r != null
            && r.end() == at
            && r.isLike(operation, forced, polling)
            && r.extent() < geometry.maxTransfer()
            && r.joinsAfter(frame, from);
    return joins ? r : null;
  }

  /**
   * One of the newest requests that adjoins the piece: it ends where the piece begins, if there is
   * such a one, or begins where the piece ends and takes all of it.
   */
  private QueuedRequest adjoining(
      BlockOperation operation, long at, int from, int length, boolean forced, boolean polling) {
    QueuedRequest before = null;
    QueuedRequest q = last;
    for (int looks = MERGE_DEPTH; q != null && looks > 0; q = q.previous, looks--) {
      boolean ends = q.end() == at;
      if (!ends && q.position() != at + length || !q.isLike(operation, forced, polling)) {
        continue;
      }
      if (!ends) {
        before =
            q.extent() + length <= geometry.maxTransfer() && q.joinsBefore(from, length)
                ? q
                : before;
      } else if (q != last && q.extent() < geometry.maxTransfer() && from == 0 && q.startsPage()) {
        return q;
      }
    }
    return before;
  }

  private QueuedRequest make(
      BlockOperation operation, long at, long bytes, boolean forced, boolean polling) {
    QueuedRequest r = pool;
    if (r == null) {
      r = new QueuedRequest(this, DiskGeometry.MAX_TRANSFER / FRAME_SIZE + 1);
    } else {
      pool = r.next;
    }
    long now = plugs == 0 ? services.clock().nanos() : plugTime();
    r.begin(operation, at, bytes, forced, polling, now);
    statistics.began(now);
    r.previous = last;
    if (last == null) {
      first = r;
    } else {
      last.next = r;
    }
    last = r;
    borders.add(at);
    return r;
  }

  /** Machine time at which the first request of this plug was made; the clock is slow to read. */
  private long plugTime() {
    if (plugNanos == 0) {
      plugNanos = services.clock().nanos();
    }
    return plugNanos;
  }

  /** Machine time at which the first request of this call of the driver ended. */
  private long callTime() {
    if (calls.call() != timedCall) {
      timedCall = calls.call();
      callNanos = services.clock().nanos();
    }
    return callNanos;
  }

  private void hold(long frame, QueuedRequest r) {
    frames.share(frame);
    windows.lendFrame(frame, r.fillsMemory());
  }

  private void waits(BlockIo io, QueuedRequest r) {
    if (r.waits(io)) {
      statistics.merged(r.operation());
    }
  }

  private void start() {
    if (first != null) {
      calls.want(this);
    }
  }

  /** Gives the driver what it can take. */
  @Override
  protected void run() {
    if (plugs > 0) {
      return;
    }
    if (gone || !driven.isBound()) {
      failAll();
      return;
    }
    boolean any = false;
    while (first != null && issued < geometry.queueDepth()) {
      QueuedRequest r = remove();
      issued++;
      if (r.isPolled()) {
        polled++;
        pollNanos = MIN_POLL_NANOS;
      }
      any = true;
      driven.block().submit(r.issue(services.census()));
    }
    if (any) {
      driven.block().commit();
    }
  }

  private QueuedRequest remove() {
    QueuedRequest r = first;
    first = r.next;
    if (first == null) {
      last = null;
      borders.clear();
    } else {
      first.previous = null;
    }
    return r;
  }

  private void failAll() {
    while (first != null) {
      end(remove(), BlockStatus.OFFLINE);
    }
  }

  /** The driver has ended a request. */
  void completed(QueuedRequest r, BlockStatus status) {
    issued--;
    if (r.isPolled() && --polled == 0) {
      services.timers().cancel(pollTimer);
    }
    end(r, status);
    start();
  }

  private void end(QueuedRequest r, BlockStatus status) {
    for (int i = 0; i < r.pages(); i++) {
      windows.returnFrame(r.page(i), r.fillsMemory());
      frames.release(r.page(i));
    }
    statistics.ended(r.operation(), r.extent(), r.began(), callTime());
    r.tell(status);
    r.next = pool;
    pool = r;
  }

  /** The disk has another size, or other limits. */
  void resize(DiskGeometry to) {
    geometry = to;
  }

  /** The disk is gone: what waits ends now, what the driver has is its to end. */
  void close() {
    gone = true;
    start();
  }
}
