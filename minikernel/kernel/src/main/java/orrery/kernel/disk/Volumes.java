package orrery.kernel.disk;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.abi.FileMode;
import orrery.kernel.block.BlockDisks;
import orrery.kernel.block.ControllerEntry;
import orrery.kernel.block.DiskEntry;
import orrery.kernel.fs.Directory;
import orrery.kernel.fs.Entry;
import orrery.kernel.fs.FileSystem;
import orrery.kernel.fs.Synchronizer;
import orrery.kernel.fs.Vfs;
import orrery.kernel.wait.Caller;
import orrery.kernel.wait.KernelTimer;

/** All block devices: follows the disks that come and go, and keeps /dev as they are. */
public final class Volumes implements BlockDisks.Watcher, Synchronizer {
  /** The major number of disks without one of their own (Linux: BLOCK_EXT_MAJOR). */
  public static final int MAJOR = 259;

  private static final int PERMISSIONS = 0660;

  /** How many pages each cache gives back at once when memory is short. */
  private static final int EVICTED_AT_ONCE = 64;

  private final BlockDisks disks;
  private final PlaceWaiter place;
  private final List<Volume> volumes = new ArrayList<>();
  private final BitSet minors = new BitSet();
  private final List<Volume> unread = new ArrayList<>();

  /** Disks that get another size as soon as the page at their end is written. */
  private final List<Volume> unsettled = new ArrayList<>();

  private Vfs vfs;
  private Directory folder;
  private Caller owner;
  private long sequence;
  private long changes;

  /** What has to wait for a disk is done when the driver's method has returned that told of it. */
  private final KernelTimer readTimer =
      new KernelTimer() {
        @Override
        protected void expired() {
          readUnread();
        }
      };

  /** The volumes of the disks that there are and will be. */
  public Volumes(BlockDisks disks, PlaceWaiter place) {
    this.disks = disks;
    this.place = place;
    place.frames().reclaimer(this::evict);
    disks.watch(this);
    readUnread();
  }

  /**
   * Puts the volumes under /dev, from now on.
   *
   * @param dev the folder
   * @param superUser who makes the nodes
   */
  public void attach(Vfs files, Directory dev, Caller superUser) {
    vfs = files;
    folder = dev;
    owner = superUser;
    vfs.synchronizer(this);
    volumes.forEach(this::publish);
  }

  /** How often a disk, a partition or a controller has come or gone. */
  public long changes() {
    return changes + disks.changes();
  }

  /** Disks and partitions, in the order in which they came. */
  public List<Volume> all() {
    return volumes;
  }

  /** The controllers of the disks. */
  public List<ControllerEntry> controllers() {
    return disks.controllers();
  }

  @Override
  public void added(DiskEntry disk) {
    Volume v = new Volume(disk, place, newMinor());
    v.published(this, ++sequence);
    add(v);
    unread.add(v);
    place.timers().arm(readTimer, 0);
  }

  @Override
  public void resized(DiskEntry disk) {
    Volume v = whole(disk);
    if (v == null) {
      return;
    }
    if (v.isEndSettled()) {
      resize(v);
    } else {
      unsettled.add(v);
      place.timers().arm(readTimer, 0);
    }
  }

  private void resize(Volume v) {
    changes++;
    v.resize(v.queue().geometry().bytes());
  }

  @Override
  public void removed(DiskEntry disk) {
    for (Volume v : List.copyOf(volumes)) {
      if (v.disk() == disk) {
        remove(v);
      }
    }
  }

  private Volume whole(DiskEntry disk) {
    for (Volume v : volumes) {
      if (v.disk() == disk && v.partition() == 0) {
        return v;
      }
    }
    return null;
  }

  private int newMinor() {
    int minor = minors.nextClearBit(0);
    minors.set(minor);
    return minor;
  }

  private void readUnread() {
    place.timers().cancel(readTimer);
    for (Volume v : List.copyOf(unsettled)) {
      unsettled.remove(v);
      if (!v.isGone() && v.awaitEnd()) {
        resize(v);
      }
    }
    for (Volume v : List.copyOf(unread)) {
      unread.remove(v);
      if (!v.isGone()) {
        readPartitions(v);
      }
    }
  }

  /** BLKRRPART: reads a disk's partition table again. */
  long readPartitionsAgain(Volume disk) {
    for (Volume v : volumes) {
      if (v.disk() == disk.disk() && v.partition() != 0 && v.openers() > 0) {
        return -Errno.EBUSY;
      }
    }
    for (Volume v : List.copyOf(volumes)) {
      if (v.disk() == disk.disk() && v.partition() != 0) {
        remove(v);
      }
    }
    readPartitions(disk);
    return 0;
  }

  private void readPartitions(Volume disk) {
    long blocks = disk.size() / disk.blockSize();
    disk.opened();
    List<Partition> found = GuidPartitionTable.read(disk::readInPlace, disk.blockSize(), blocks);
    if (found.isEmpty()) {
      found = MasterBootRecord.read(disk::readInPlace, disk.blockSize(), blocks);
    }
    for (Partition p : found) {
      add(disk, p);
    }
    disk.closed();
  }

  private void add(Volume disk, Partition p) {
    Volume v = new Volume(disk.disk(), place, newMinor(), p);
    v.published(this, disk.sequence());
    add(v);
  }

  private Volume partition(Volume disk, int number) {
    for (Volume v : volumes) {
      if (v.disk() == disk.disk() && v.partition() == number) {
        return v;
      }
    }
    return null;
  }

  /** BLKPG_ADD_PARTITION: a partition that no table of the disk need know. */
  long addPartition(Volume disk, Partition p) {
    long from = p.first() * disk.blockSize();
    long to = from + p.blocks() * disk.blockSize();
    if (partition(disk, p.number()) != null || isTaken(disk, p.number(), from, to)) {
      return -Errno.EBUSY;
    }
    add(disk, p);
    return 0;
  }

  /** Whether a partition other than that one has some of these bytes. */
  private boolean isTaken(Volume disk, int number, long from, long to) {
    for (Volume v : volumes) {
      if (v.disk() == disk.disk()
          && v.partition() != 0
          && v.partition() != number
          && from < v.start() + v.size()
          && v.start() < to) {
        return true;
      }
    }
    return false;
  }

  /** BLKPG_RESIZE_PARTITION: it may be in use. */
  long resizePartition(Volume disk, Partition p) {
    long from = p.first() * disk.blockSize();
    long length = p.blocks() * disk.blockSize();
    Volume v = partition(disk, p.number());
    if (v == null) {
      return -Errno.ENXIO;
    }
    if (v.start() != from) {
      return -Errno.EINVAL;
    }
    if (isTaken(disk, p.number(), from, from + length)) {
      return -Errno.EBUSY;
    }
    if (!v.awaitEnd()) {
      return -Errno.EIO;
    }
    changes++;
    v.resize(length);
    return 0;
  }

  /** BLKPG_DEL_PARTITION. */
  long removePartition(Volume disk, int number) {
    Volume v = partition(disk, number);
    if (v == null) {
      return -Errno.ENXIO;
    }
    if (v.openers() > 0) {
      return -Errno.EBUSY;
    }
    remove(v);
    return 0;
  }

  /** Frames are short: gives some back; whether there were any. */
  private boolean evict() {
    int gone = 0;
    for (Volume v : volumes) {
      gone += v.cache().evict(EVICTED_AT_ONCE);
    }
    return gone > 0;
  }

  private void add(Volume v) {
    volumes.add(v);
    changes++;
    if (folder != null) {
      publish(v);
    }
  }

  private void publish(Volume v) {
    vfs.devices().registerBlock(MAJOR, v.minor(), v::open);
    try {
      folder.create(
          owner, v.name(), FileMode.S_IFBLK | PERMISSIONS, FileSystem.makeDevice(MAJOR, v.minor()));
    } catch (ErrnoException e) {
      place.log("/dev/" + v.name() + " cannot be made: error " + e.errno());
    }
  }

  private void remove(Volume v) {
    volumes.remove(v);
    changes++;
    v.remove();
    if (folder == null) {
      minors.clear(v.minor());
      return;
    }
    vfs.devices().unregisterBlock(MAJOR, v.minor());
    minors.clear(v.minor());
    Entry node = folder.find(owner, v.name());
    if (node != null && node.inode().type() == FileMode.S_IFBLK) {
      folder.unlink(owner, node);
    }
  }

  @Override
  public long sync(Caller c) {
    SyncCall s = c.unfinished() instanceof SyncCall begun ? begun : new SyncCall(volumes, true);
    return s.isDone(c) ? 0 : Caller.BLOCKED;
  }

  /** Writes what is changed, before the drivers end. */
  public void shutDown() {
    for (Volume v : volumes) {
      v.writeInPlace();
    }
  }
}
