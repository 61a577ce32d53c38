package orrery.kernel.disk;

import static orrery.kernel.hw.PhysicalMemory.FRAME_SHIFT;
import static orrery.kernel.hw.PhysicalMemory.FRAME_SIZE;

import java.util.Arrays;
import java.util.Comparator;
import orrery.kernel.block.BlockOperation;
import orrery.kernel.block.BlockStatus;
import orrery.kernel.block.RequestQueue;
import orrery.kernel.fs.FileSystem;
import orrery.kernel.fs.Synchronizer;
import orrery.kernel.memory.FileMappings;
import orrery.kernel.memory.FrameAllocator;
import orrery.kernel.memory.PageSource;
import orrery.kernel.wait.Caller;
import orrery.kernel.wait.KernelTimer;

/**
 * The pages of a volume that are in memory: filled by reads, written back some seconds after they
 * were changed, when too many are, or when a program asks for it. Pages that nobody changes or maps
 * go first when memory is short.
 *
 * <p>Nothing here sleeps: who needs a page starts its transfer, waits on {@link Volume#waiters} and
 * looks again. The vCPU's thread.
 */
final class PageCache implements PageSource, Synchronizer {
  /** The most pages that are being written at once. */
  private static final int MAX_WRITING = 1024;

  /** How long a changed page stays unwritten (vm.dirty_writeback_centisecs). */
  private static final long WRITE_BACK_AFTER = 5_000_000_000L;

  /**
   * Of all frames, one in so many may be changed before writing begins, and before writers wait.
   */
  private static final int BACKGROUND_PART = 10;

  private static final int LIMIT_PART = 5;

  /** Of all frames, one in so many may be pages of volumes. */
  private static final int SHARE = 2;

  /** How many pages go at once when there are too many. */
  private static final int EVICTED_AT_ONCE = 32;

  private static final int FIRST_BUCKETS = 64;

  private static final Comparator<CachedPage> BY_PLACE = Comparator.comparingLong(p -> p.index);

  private final Volume volume;
  private final RequestQueue queue;
  private final FrameAllocator frames;
  private final FileMappings mappings = new FileMappings();
  private CachedPage[] buckets = new CachedPage[FIRST_BUCKETS];
  private CachedPage[] batch = new CachedPage[MAX_WRITING];
  private CachedPage pool;
  private int count;
  private int mapped;

  /** Whether programs could write the mapped pages since they were written back last. */
  private boolean unseenWriters;

  // By use.
  private CachedPage newest;
  private CachedPage oldest;

  // Changed pages by the time of their first change.
  private CachedPage firstDirty;
  private CachedPage lastDirty;
  private int dirty;
  private int writing;

  /** How many of the first changed pages are to be written now. */
  private int wanted;

  private long writeErrors;
  private BlockStatus writeError = BlockStatus.OK;

  private final KernelTimer writeBackTimer =
      new KernelTimer() {
        @Override
        protected void expired() {
          startWriteBack();
        }
      };

  PageCache(Volume volume, FrameAllocator frames) {
    this.volume = volume;
    this.queue = volume.queue();
    this.frames = frames;
  }

  // ---- Finding and making ----

  /** How many pages it has. */
  int count() {
    return count;
  }

  /** The page, used now; null if it is not there. */
  CachedPage find(long index) {
    CachedPage p = buckets[bucket(index)];
    while (p != null && p.index != index) {
      p = p.nextOfBucket;
    }
    if (p != null && p != newest) {
      unlinkUse(p);
      linkUse(p);
    }
    return p;
  }

  private int bucket(long index) {
    return (int) (index ^ index >>> 20) & buckets.length - 1;
  }

  /** Makes the page, which is not there, without contents; null if there is no memory now. */
  CachedPage make(long index) {
    if (count >= frames.total() / SHARE) {
      evict(EVICTED_AT_ONCE);
    }
    long frame = frames.allocate();
    if (frame == FrameAllocator.NONE) {
      return null;
    }
    if (count == buckets.length) {
      grow();
    }
    CachedPage p = pool;
    if (p == null) {
      p = new CachedPage(this);
    } else {
      pool = p.nextOfBucket;
    }
    p.begin(index, frame);
    int b = bucket(index);
    p.nextOfBucket = buckets[b];
    buckets[b] = p;
    linkUse(p);
    count++;
    return p;
  }

  private void grow() {
    CachedPage[] old = buckets;
    buckets = new CachedPage[old.length * 2];
    for (CachedPage first : old) {
      for (CachedPage p = first; p != null; ) {
        CachedPage next = p.nextOfBucket;
        int b = bucket(p.index);
        p.nextOfBucket = buckets[b];
        buckets[b] = p;
        p = next;
      }
    }
  }

  /** Forgets a page that no transfer is under way of, changed or not. */
  void forget(CachedPage p) {
    if (p.dirty) {
      clean(p);
    }
    if (p.mapped) {
      mapped--;
    }
    int b = bucket(p.index);
    if (buckets[b] == p) {
      buckets[b] = p.nextOfBucket;
    } else {
      CachedPage before = buckets[b];
      while (before.nextOfBucket != p) {
        before = before.nextOfBucket;
      }
      before.nextOfBucket = p.nextOfBucket;
    }
    unlinkUse(p);
    frames.release(p.frame);
    count--;
    p.nextOfBucket = pool;
    pool = p;
  }

  private void linkUse(CachedPage p) {
    p.newer = null;
    p.older = newest;
    if (newest == null) {
      oldest = p;
    } else {
      newest.newer = p;
    }
    newest = p;
  }

  private void unlinkUse(CachedPage p) {
    if (p.newer == null) {
      newest = p.older;
    } else {
      p.newer.older = p.older;
    }
    if (p.older == null) {
      oldest = p.newer;
    } else {
      p.older.newer = p.newer;
    }
  }

  /**
   * Gives frames back, those unused for longest first.
   *
   * @return how many
   */
  int evict(int most) {
    int gone = 0;
    CachedPage p = oldest;
    for (int seen = count; seen > 0 && gone < most && p != null; seen--) {
      CachedPage next = p.newer;
      if (isDispensable(p)) {
        forget(p);
        gone++;
      }
      p = next;
    }
    return gone;
  }

  private boolean isDispensable(CachedPage p) {
    return !p.dirty && !p.isBusy() && (!p.mapped || frames.references(p.frame) == 1);
  }

  /** Forgets what is not changed, in a range of bytes; false if something had to stay. */
  boolean drop(long from, long to) {
    boolean all = true;
    if (to - from >>> FRAME_SHIFT < count) {
      for (long i = from >>> FRAME_SHIFT; i << FRAME_SHIFT < to; i++) {
        CachedPage p = find(i);
        if (p != null) {
          all &= dropOne(p);
        }
      }
      return all;
    }
    CachedPage p = oldest;
    while (p != null) {
      CachedPage next = p.newer;
      if (p.index << FRAME_SHIFT < to && p.index + 1 << FRAME_SHIFT > from) {
        all &= dropOne(p);
      }
      p = next;
    }
    return all;
  }

  /** The volume has become shorter: pages behind its end are gone. */
  void cut() {
    long end = volume.size() + FRAME_SIZE - 1 >>> FRAME_SHIFT;
    mappings.truncate(end);
    for (CachedPage p = newest; p != null; ) {
      CachedPage older = p.older;
      if (p.index >= end && !p.isBusy()) {
        forget(p);
      } else if (p.index >= end && p.dirty) {
        clean(p);
      } else if (p.index == end - 1 && length(p.index) < FRAME_SIZE) {
        clearBehind(p, length(p.index));
      }
      p = older;
    }
  }

  private boolean dropOne(CachedPage p) {
    if (p.dirty || p.isBusy()) {
      return false;
    }
    if (p.mapped) {
      mappings.invalidate(p.index, p.index + 1);
    }
    forget(p);
    return true;
  }

  // ---- Transfers ----

  /** Bytes of a page that the volume has. */
  int length(long index) {
    return (int) Math.min(FRAME_SIZE, volume.size() - (index << FRAME_SHIFT));
  }

  /** Starts reading a page, within a plug of the queue. */
  void fill(CachedPage p) {
    int length = length(p.index);
    if (length < FRAME_SIZE) {
      frames.memory().zero(p.frame, FRAME_SIZE);
    }
    p.reading = true;
    p.failure = BlockStatus.OK;
    p.begin();
    queue.transfer(p, BlockOperation.READ, place(p), p.frame, 0, length, false, false);
    p.submitted();
  }

  /** Fills a page with zeros from its {@code n}th byte on: the volume ends there. */
  void clearBehind(CachedPage p, int n) {
    frames.memory().zero(p.frame + n, FRAME_SIZE - n);
  }

  private long place(CachedPage p) {
    return volume.start() + (p.index << FRAME_SHIFT);
  }

  /** A page's contents were changed. */
  void changed(CachedPage p) {
    p.valid = true;
    note(p);
    if (dirty > frames.total() / BACKGROUND_PART && wanted == 0) {
      startWriteBack();
    }
  }

  private void note(CachedPage p) {
    if (p.dirty || length(p.index) <= 0) {
      return;
    }
    p.dirty = true;
    p.nextDirty = null;
    p.previousDirty = lastDirty;
    if (lastDirty == null) {
      firstDirty = p;
    } else {
      lastDirty.nextDirty = p;
    }
    lastDirty = p;
    dirty++;
    if (!writeBackTimer.isArmed()) {
      volume.timers().arm(writeBackTimer, volume.clock().nanos() + WRITE_BACK_AFTER);
    }
  }

  private void clean(CachedPage p) {
    p.dirty = false;
    if (p.previousDirty == null) {
      firstDirty = p.nextDirty;
    } else {
      p.previousDirty.nextDirty = p.nextDirty;
    }
    if (p.nextDirty == null) {
      lastDirty = p.previousDirty;
    } else {
      p.nextDirty.previousDirty = p.previousDirty;
    }
    p.nextDirty = null;
    p.previousDirty = null;
    dirty--;
    wanted = Math.min(wanted, dirty);
  }

  /** Whether writers are to wait until some pages are written. */
  boolean isOverfull() {
    return dirty + writing > frames.total() / LIMIT_PART;
  }

  /** Whether nothing is changed or being written. */
  boolean isClean() {
    return dirty == 0 && writing == 0;
  }

  /** How many pages are changed or being written. */
  int unwritten() {
    return dirty + writing;
  }

  /** Writes every page that is changed now. */
  void startWriteBack() {
    volume.timers().cancel(writeBackTimer);
    noteMapped();
    wanted = dirty;
    pump();
  }

  /**
   * Pages that programs could write unseen count as changed, and are taken out of their mappings:
   * who uses one again is seen, and nobody has to write it a second time if nobody does (Linux:
   * folio_mkclean).
   */
  private void noteMapped() {
    boolean used = !mappings.isEmpty();
    if (mapped == 0 || used && !unseenWriters) {
      return;
    }
    if (used) {
      mappings.invalidate(0, Long.MAX_VALUE);
    }
    boolean written = unseenWriters;
    unseenWriters = false;
    for (CachedPage p = newest; p != null; p = p.older) {
      if (p.mapped && p.valid) {
        if (written) {
          note(p);
        }
        if (frames.references(p.frame) == 1) {
          p.mapped = false;
          mapped--;
        } else {
          unseenWriters |= written; // a device moves data there, or its program is about to go
        }
      }
    }
  }

  /** Writes the changed pages of a range; whether none is changed or being written. */
  boolean startWriteBack(long from, long to) {
    if (mapped == 0 && isClean()) {
      return true;
    }
    noteMapped();
    boolean none = true;
    int n = 0;
    for (CachedPage p = firstDirty; p != null && n < MAX_WRITING; p = p.nextDirty) {
      if (overlaps(p, from, to)) {
        none = false;
        if (!p.isBusy()) {
          batch[n++] = p;
        }
      }
    }
    if (n > 0) {
      write(n);
    }
    for (CachedPage p = newest; none && writing > 0 && p != null; p = p.older) {
      none = !(p.writing && overlaps(p, from, to));
    }
    return none;
  }

  private static boolean overlaps(CachedPage p, long from, long to) {
    return p.index << FRAME_SHIFT < to && p.index + 1 << FRAME_SHIFT > from;
  }

  private void pump() {
    while (wanted > 0 && writing < MAX_WRITING / 2) {
      int n = 0;
      CachedPage p = firstDirty;
      for (int i = 0; i < wanted && p != null && n < MAX_WRITING - writing; i++) {
        if (!p.isBusy()) {
          batch[n++] = p;
        }
        p = p.nextDirty;
      }
      if (n == 0) {
        return; // each is being written as it was before; its end comes here
      }
      int left = wanted - n;
      write(n);
      wanted = Math.min(left, dirty);
    }
  }

  /** Writes the first {@code n} pages of the batch. */
  private void write(int n) {
    Arrays.sort(batch, 0, n, BY_PLACE);
    queue.plug();
    writing += n;
    for (int i = 0; i < n; i++) {
      CachedPage p = batch[i];
      batch[i] = null;
      clean(p);
      p.writing = true;
      p.begin();
      queue.transfer(p, BlockOperation.WRITE, place(p), p.frame, 0, length(p.index), false, false);
      p.submitted();
    }
    queue.unplug();
  }

  void finished(CachedPage p, BlockStatus how) {
    if (p.reading) {
      p.reading = false;
      p.valid = how == BlockStatus.OK;
      p.failure = how;
    } else {
      p.writing = false;
      writing--;
      if (how != BlockStatus.OK) {
        writeErrors++;
        writeError = how;
      }
      pump();
    }
    volume.changedState();
  }

  // ---- Failed writes ----

  /** How many pages could not be written so far. */
  long writeErrors() {
    return writeErrors;
  }

  /** Why the last of them could not. */
  BlockStatus writeError() {
    return writeError;
  }

  // ---- Mapping ----

  @Override
  public long page(long index) {
    if (index < 0 || index << FRAME_SHIFT >= volume.size()) {
      return FrameAllocator.NONE;
    }
    CachedPage p = volume.readInPlace(index);
    if (p == null) {
      return FrameAllocator.NONE;
    }
    return map(p);
  }

  @Override
  public long residentPage(long index) {
    if (index < 0 || index << FRAME_SHIFT >= volume.size()) {
      return FrameAllocator.NONE;
    }
    CachedPage p = find(index);
    return p == null || !p.valid ? FrameAllocator.NONE : map(p);
  }

  private long map(CachedPage p) {
    frames.share(p.frame);
    unseenWriters |= mappings.anyWritable();
    if (!p.mapped) {
      p.mapped = true;
      mapped++;
    }
    return p.frame;
  }

  /** msync(2) with MS_SYNC: as fsync(2) of the volume. */
  @Override
  public long sync(Caller c) {
    SyncCall s = SyncCall.of(c, volume, true);
    if (!s.isDone(c)) {
      return Caller.BLOCKED;
    }
    if (s.lostWrites()) {
      return Volume.failure(writeError);
    }
    return s.status() == BlockStatus.OK ? 0 : Volume.failure(s.status());
  }

  @Override
  public long size() {
    return volume.size();
  }

  @Override
  public FileMappings mappings() {
    return mappings;
  }

  @Override
  public void mapped() {
    volume.opened();
  }

  @Override
  public void unmapped() {
    noteMapped();
    volume.closed();
  }

  @Override
  public long device() {
    return FileSystem.makeDevice(Volumes.MAJOR, volume.minor());
  }
}
