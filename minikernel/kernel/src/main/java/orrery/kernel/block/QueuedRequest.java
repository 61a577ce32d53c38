package orrery.kernel.block;

import static orrery.kernel.hw.PhysicalMemory.FRAME_SIZE;

import java.util.Arrays;
import orrery.ownership.Census;
import orrery.ownership.Unsafe;

/** A request while the queue has it: it grows by merging until the driver gets it. */
final class QueuedRequest {
  private static final int OFFSET_MASK = FRAME_SIZE - 1;

  private static final int FIRST_PAGES = 8;

  private final RequestQueue queue;
  private final int most;
  private long[] frames = new long[FIRST_PAGES];
  private int pages;
  private int offset;
  private BlockOperation operation = BlockOperation.FLUSH;

  /** Bytes from the disk's start. */
  private long position;

  /** Bytes of the disk that it is about. */
  private long extent;

  private boolean forced;
  private boolean polled;

  /** Machine time at which it was made. */
  private long began;

  private BlockIo[] waiting = new BlockIo[4];
  private int waits;

  /** Its name while the driver has it. */
  private final Issued issued = new Issued();

  // maintained by the queue
  QueuedRequest next;
  QueuedRequest previous;

  /** Keeps the driver's name of a request from one issue to the next. */
  @Unsafe("the name is live only from issue() to the driver's complete()")
  private static final class Issued {
    private BlockRequest name;

    BlockRequest issue(Census census, QueuedRequest request) {
      if (name == null) {
        // SAFETY: a new name, live from now on
        name = new BlockRequest(census, request);
      } else {
        // SAFETY: the name was consumed by complete(); this fails if it was not
        name.issuedAgain();
      }
      return name;
    }
  }

  /**
   * @param most pages
   */
  QueuedRequest(RequestQueue queue, int most) {
    this.queue = queue;
    this.most = most;
  }

  /** Taken from the pool, without data. */
  void begin(BlockOperation what, long at, long bytes, boolean forcing, boolean polling, long now) {
    operation = what;
    position = at;
    extent = bytes;
    forced = forcing;
    polled = polling;
    began = now;
    pages = 0;
    offset = 0;
    next = null;
  }

  /** The driver is to have it. */
  BlockRequest issue(Census census) {
    return issued.issue(census, this);
  }

  RequestQueue queue() {
    return queue;
  }

  BlockOperation operation() {
    return operation;
  }

  long position() {
    return position;
  }

  long extent() {
    return extent;
  }

  /** Where it ends on the disk. */
  long end() {
    return position + extent;
  }

  boolean isForced() {
    return forced;
  }

  boolean isPolled() {
    return polled;
  }

  long began() {
    return began;
  }

  int pages() {
    return pages;
  }

  int offset() {
    return offset;
  }

  long page(int index) {
    if (index < 0 || index >= pages) {
      throw new IndexOutOfBoundsException("page " + index + " of a request of " + pages);
    }
    return frames[index];
  }

  /** Whether the device writes memory. */
  boolean fillsMemory() {
    return operation == BlockOperation.READ;
  }

  /** Whether it can be merged with more of that kind. */
  boolean isLike(BlockOperation what, boolean forcing, boolean polling) {
    return operation == what && forced == forcing && polled == polling;
  }

  /** Whether data {@code within} bytes into a page can follow what is there. */
  boolean joinsAfter(long frame, int within) {
    if (within != (offset + (int) extent & OFFSET_MASK)) {
      return false;
    }
    return within == 0 ? pages < most : frames[pages - 1] == frame;
  }

  /** Whether what follows would begin a page of its own, of which there is room for one more. */
  boolean startsPage() {
    return (offset + (int) extent & OFFSET_MASK) == 0 && pages < most;
  }

  /** Whether {@code bytes} of data that end at a page's border can come before what is there. */
  boolean joinsBefore(int within, int bytes) {
    return offset == 0 && within + bytes == FRAME_SIZE && pages < most;
  }

  /**
   * Adds data within one page behind the others.
   *
   * @return whether the page is a new one of it
   */
  boolean append(long frame, int within, int bytes) {
    boolean more = pages == 0 || within == 0;
    if (pages == 0) {
      offset = within;
    }
    if (more) {
      makeRoom();
      frames[pages++] = frame;
    }
    extent += bytes;
    return more;
  }

  /** Adds data within one page, a new one of it, before the others. */
  void prepend(long frame, int within, int bytes) {
    makeRoom();
    System.arraycopy(frames, 0, frames, 1, pages);
    frames[0] = frame;
    pages++;
    offset = within;
    extent += bytes;
    position -= bytes;
  }

  private void makeRoom() {
    if (pages == frames.length) {
      frames = Arrays.copyOf(frames, Math.min(most, pages * 2));
    }
  }

  /**
   * {@code io} waits for it too.
   *
   * @return whether others did before
   */
  boolean waits(BlockIo io) {
    if (waits > 0 && waiting[waits - 1] == io) {
      return false;
    }
    if (waits == waiting.length) {
      waiting = Arrays.copyOf(waiting, waits * 2);
    }
    waiting[waits++] = io;
    io.began();
    return waits > 1;
  }

  /** Tells those who wait. */
  void tell(BlockStatus status) {
    int n = waits;
    waits = 0;
    for (int i = 0; i < n; i++) {
      BlockIo io = waiting[i];
      waiting[i] = null;
      io.ended(status);
    }
  }
}
