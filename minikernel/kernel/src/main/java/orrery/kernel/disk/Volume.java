package orrery.kernel.disk;

import static orrery.kernel.hw.PhysicalMemory.FRAME_SHIFT;
import static orrery.kernel.hw.PhysicalMemory.FRAME_SIZE;

import java.util.function.BooleanSupplier;
import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.abi.OpenFlag;
import orrery.kernel.block.BlockStatus;
import orrery.kernel.block.DiskEntry;
import orrery.kernel.block.RequestQueue;
import orrery.kernel.fs.Inode;
import orrery.kernel.fs.OpenFile;
import orrery.kernel.wait.Caller;
import orrery.kernel.wait.TimerQueue;
import orrery.kernel.wait.WaitQueue;
import orrery.machine.clock.MachineClock;

/** A block device that programs open: a whole disk, or a partition of it. */
public final class Volume {
  /** The most pages that are read ahead at once: 1 MiB. */
  private static final int MAX_AHEAD = 256;

  private final DiskEntry disk;
  private final RequestQueue queue;
  private final PlaceWaiter place;
  private final String name;
  private final int minor;
  private final int partition;
  private final long start;
  private final Partition description;
  private final WaitQueue waiters = new WaitQueue();
  private final PageCache cache;
  private final DirectTransfer.Pool transfers;
  private long length;
  private int openers;
  private OpenFile exclusive;
  private boolean gone;
  private long changes;
  private Volumes all;
  private long sequence;

  /** The whole of {@code disk}. */
  Volume(DiskEntry disk, PlaceWaiter place, int minor) {
    this(disk, place, disk.name(), minor, 0, 0, disk.queue().geometry().bytes(), null);
  }

  /** A partition of {@code disk}. */
  Volume(DiskEntry disk, PlaceWaiter place, int minor, Partition p) {
    this(
        disk,
        place,
        partitionName(disk.name(), p.number()),
        minor,
        p.number(),
        p.first() * disk.queue().geometry().blockSize(),
        p.blocks() * disk.queue().geometry().blockSize(),
        p);
  }

  private Volume(
      DiskEntry disk,
      PlaceWaiter place,
      String name,
      int minor,
      int partition,
      long start,
      long length,
      Partition description) {
    this.disk = disk;
    this.queue = disk.queue();
    this.place = place;
    this.name = name;
    this.minor = minor;
    this.partition = partition;
    this.start = start;
    this.length = length;
    this.description = description;
    this.cache = new PageCache(this, place.frames());
    this.transfers = new DirectTransfer.Pool(this);
  }

  /** Linux: a disk whose name ends in a digit has a p before the number. */
  private static String partitionName(String disk, int number) {
    boolean digit = Character.isDigit(disk.charAt(disk.length() - 1));
    return disk + (digit ? "p" : "") + number;
  }

  /** The disk that it is of. */
  public DiskEntry disk() {
    return disk;
  }

  /** Takes the disk's requests. */
  public RequestQueue queue() {
    return queue;
  }

  /** Its name under /dev. */
  public String name() {
    return name;
  }

  /** Its minor device number. */
  public int minor() {
    return minor;
  }

  /** The number of the partition, 0 for a whole disk. */
  public int partition() {
    return partition;
  }

  /** What the partition table says of it; null for a whole disk. */
  public Partition description() {
    return description;
  }

  /** Bytes of the disk before it. */
  public long start() {
    return start;
  }

  /** Its size in bytes. */
  public long size() {
    return length;
  }

  /** Bytes of a block. */
  public int blockSize() {
    return queue.geometry().blockSize();
  }

  /** Whether it cannot be written. */
  public boolean isReadOnly() {
    return queue.geometry().readOnly();
  }

  /** It is one of these. */
  void published(Volumes volumes, long number) {
    all = volumes;
    sequence = number;
  }

  /** The how manieth disk its disk is (BLKGETDISKSEQ). */
  public long sequence() {
    return sequence;
  }

  /** BLKRRPART. */
  long readPartitions(Caller c) {
    if (c.uid() != 0) {
      return -Errno.EACCES;
    }
    return partition == 0 ? all.readPartitionsAgain(this) : -Errno.EINVAL;
  }

  /** BLKPG_ADD_PARTITION. */
  long addPartition(Partition p) {
    return all.addPartition(this, p);
  }

  /** BLKPG_DEL_PARTITION. */
  long removePartition(int number) {
    return all.removePartition(this, number);
  }

  long zeroFrame() {
    return place.zeroFrame();
  }

  /** How often it is open or mapped. */
  public int openers() {
    return openers;
  }

  PageCache cache() {
    return cache;
  }

  DirectTransfer.Pool transfers() {
    return transfers;
  }

  WaitQueue waiters() {
    return waiters;
  }

  TimerQueue timers() {
    return place.timers();
  }

  MachineClock clock() {
    return place.clock();
  }

  boolean isGone() {
    return gone;
  }

  /** BLKPG_RESIZE_PARTITION. */
  long resizePartition(Partition p) {
    return all.resizePartition(this, p);
  }

  /**
   * Whether a page that lies half behind the end could be forgotten now, and read again when the
   * end is another.
   */
  boolean isEndSettled() {
    return (length & FRAME_SIZE - 1) == 0 || cache.startWriteBack(length - 1, length);
  }

  /** Waits in place for {@link #isEndSettled}; false if the device does not answer. */
  boolean awaitEnd() {
    if (isEndSettled()) {
      return true;
    }
    queue.poll();
    return await(this::isEndSettled);
  }

  /**
   * It has another size from now on: what lay behind a new end is gone, changed or not.
   *
   * @param bytes more than now only if {@link #isEndSettled}
   */
  void resize(long bytes) {
    if (bytes > length && (length & FRAME_SIZE - 1) != 0) {
      cache.drop(length - 1, length);
    }
    boolean shorter = bytes < length;
    length = bytes;
    if (shorter) {
      cache.cut();
    }
  }

  /** It is no more: what is open fails from now on. */
  void remove() {
    gone = true;
    length = 0;
    waiters.wakeAll();
  }

  /** Something that somebody may wait for has changed. */
  void changedState() {
    changes++;
    waiters.wakeAll();
    dropIfUnused();
  }

  // ---- Opening ----

  OpenFile open(Caller c, Inode node, int flags) {
    if (gone) {
      throw ErrnoException.of(Errno.ENXIO);
    }
    if (OpenFlag.writable(flags) && isReadOnly()) {
      throw ErrnoException.of(Errno.EACCES);
    }
    boolean alone = (flags & OpenFlag.O_EXCL) != 0;
    if (alone && exclusive != null) {
      throw ErrnoException.of(Errno.EBUSY);
    }
    VolumeFile f = new VolumeFile(node, flags, this);
    if (alone) {
      exclusive = f;
    }
    opened();
    return f;
  }

  void opened() {
    openers++;
  }

  void closed(OpenFile f) {
    if (exclusive == f) {
      exclusive = null;
    }
    closed();
  }

  /** The last one that closes it has everything written; then nothing is kept. */
  void closed() {
    if (--openers == 0) {
      cache.startWriteBack();
      dropIfUnused();
    }
  }

  private void dropIfUnused() {
    if (openers == 0 && cache.count() > 0 && cache.isClean()) {
      cache.drop(0, Long.MAX_VALUE);
    }
  }

  // ---- Reading ----

  /**
   * Starts reading a page that is not there, and those after it.
   *
   * @param pages how many, 1 or more
   * @return whether there was memory for the first
   */
  boolean readAhead(long index, int pages) {
    long end =
        Math.min(index + Math.min(pages, MAX_AHEAD), length + FRAME_SIZE - 1 >>> FRAME_SHIFT);
    queue.plug();
    boolean any = false;
    for (long i = index; i < end; i++) {
      CachedPage p = cache.find(i);
      if (p == null) {
        p = cache.make(i);
        if (p == null) {
          break;
        }
        cache.fill(p);
      }
      any = true;
    }
    queue.unplug();
    return any;
  }

  /** The page, read and waited for in place; null if that fails. */
  CachedPage readInPlace(long index) {
    CachedPage p = cache.find(index);
    if (p == null) {
      readAhead(index, 1);
      p = cache.find(index);
    }
    if (p == null) {
      return null;
    }
    if (!p.valid && !p.isBusy()) {
      queue.plug();
      cache.fill(p);
      queue.unplug();
    }
    queue.poll();
    CachedPage awaited = p;
    if (!p.valid && !await(() -> !awaited.reading)) {
      return null;
    }
    return p.valid ? p : null;
  }

  /**
   * Reads bytes in place, for what the kernel itself wants to know.
   *
   * @return false if they cannot be read
   */
  boolean readInPlace(long offset, byte[] to) {
    for (int done = 0; done < to.length; ) {
      long at = offset + done;
      if (at < 0 || at >= length) {
        return false;
      }
      CachedPage p = readInPlace(at >>> FRAME_SHIFT);
      if (p == null) {
        return false;
      }
      int within = (int) at & FRAME_SIZE - 1;
      int n = (int) Math.min(Math.min(FRAME_SIZE - within, to.length - done), length - at);
      place.frames().memory().copyOut(p.frame + within, to, done, n);
      done += n;
    }
    return true;
  }

  /** Waits in place until something has changed that {@link #waiters} are woken for. */
  boolean awaitChange() {
    long before = changes;
    queue.push();
    return place.until(() -> changes != before);
  }

  /** Waits in place, for a device's longest time at most. */
  boolean await(BooleanSupplier done) {
    queue.push();
    return place.until(done);
  }

  /** Writes what is changed, and waits in place until that is done; for the end of the machine. */
  void writeInPlace() {
    cache.startWriteBack();
    queue.poll();
    if (!cache.isClean()) {
      place.until(cache::isClean);
    }
  }

  /** The error number of a failed transfer. */
  static long failure(BlockStatus how) {
    return how == BlockStatus.OFFLINE ? -Errno.EIO : -how.errno();
  }
}
