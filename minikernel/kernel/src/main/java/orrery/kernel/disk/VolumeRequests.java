package orrery.kernel.disk;

import orrery.kernel.abi.Errno;
import orrery.kernel.block.BlockOperation;
import orrery.kernel.block.BlockStatus;
import orrery.kernel.block.DiskGeometry;
import orrery.kernel.device.ControlCall;
import orrery.kernel.fs.OpenFile;
import orrery.kernel.memory.AddressSpace;
import orrery.kernel.wait.Caller;
import orrery.ownership.Unsafe;

/**
 * ioctl(2) of an open block device. Source: Linux {@code include/uapi/linux/fs.h}, {@code
 * include/uapi/linux/hdreg.h}, {@code block/ioctl.c}. What is not known here is the driver's.
 */
@Unsafe("the one control call is lent to one call at a time, for calls never nest")
final class VolumeRequests {
  private static final int HDIO_GETGEO = 0x301;
  private static final int BLKROSET = 0x125d;
  private static final int BLKROGET = 0x125e;
  private static final int BLKRRPART = 0x125f;
  private static final int BLKGETSIZE = 0x1260;
  private static final int BLKFLSBUF = 0x1261;
  private static final int BLKRASET = 0x1262;
  private static final int BLKRAGET = 0x1263;
  private static final int BLKFRASET = 0x1264;
  private static final int BLKFRAGET = 0x1265;
  private static final int BLKSECTGET = 0x1267;
  private static final int BLKSSZGET = 0x1268;
  private static final int BLKPG = 0x1269;
  private static final int BLKBSZGET = 0x80081270;
  private static final int BLKBSZSET = 0x40081271;
  private static final int BLKGETSIZE64 = 0x80081272;
  private static final int BLKDISCARD = 0x1277;
  private static final int BLKIOMIN = 0x1278;
  private static final int BLKIOOPT = 0x1279;
  private static final int BLKALIGNOFF = 0x127a;
  private static final int BLKPBSZGET = 0x127b;
  private static final int BLKDISCARDZEROES = 0x127c;
  private static final int BLKSECDISCARD = 0x127d;
  private static final int BLKROTATIONAL = 0x127e;
  private static final int BLKZEROOUT = 0x127f;
  private static final int BLKGETDISKSEQ = 0x80081280;

  private static final int SECTOR_SHIFT = 9;
  private static final int PAGE = 4096;
  private static final long READ_AHEAD_SECTORS = 256;

  // struct blkpg_ioctl_arg and struct blkpg_partition (include/uapi/linux/blkpg.h)
  private static final int BLKPG_ADD = 1;
  private static final int BLKPG_DELETE = 2;
  private static final int BLKPG_RESIZE = 3;
  private static final int ARGUMENT_DATA = 16;
  private static final int PARTITION_LENGTH = 8;
  private static final int PARTITION_NUMBER = 16;
  private static final int MOST_PARTITIONS = 255;

  // struct hd_geometry: what Linux makes up for disks without any
  private static final int HEADS = 64;
  private static final int SECTORS = 32;

  private final Volume volume;
  private final OpenFile file;
  private final ControlCall control;

  VolumeRequests(Volume volume, OpenFile file) {
    this.volume = volume;
    this.file = file;
    control = new ControlCall(volume.queue().number());
  }

  long make(Caller c, int request, long argument) {
    if (volume.isGone()) {
      return -Errno.ENODEV;
    }
    AddressSpace m = c.memory();
    DiskGeometry g = volume.queue().geometry();
    switch (request) {
      case BLKROGET -> m.writeInt(argument, g.readOnly() ? 1 : 0);
      case BLKGETSIZE -> m.writeLong(argument, volume.size() >>> SECTOR_SHIFT);
      case BLKGETSIZE64 -> m.writeLong(argument, volume.size());
      case BLKSSZGET -> m.writeInt(argument, g.blockSize());
      case BLKPBSZGET -> m.writeInt(argument, g.physicalBlockSize());
      case BLKBSZGET -> m.writeInt(argument, PAGE);
      case BLKIOMIN -> m.writeInt(argument, g.physicalBlockSize());
      case BLKIOOPT -> m.writeInt(argument, g.optimalTransfer());
      case BLKALIGNOFF, BLKDISCARDZEROES -> m.writeInt(argument, 0);
      case BLKROTATIONAL -> m.writeShort(argument, (short) 0);
      case BLKSECTGET ->
          m.writeShort(argument, (short) Math.min(0xffff, g.maxTransfer() >>> SECTOR_SHIFT));
      case BLKRAGET, BLKFRAGET -> m.writeLong(argument, READ_AHEAD_SECTORS);
      case BLKGETDISKSEQ -> m.writeLong(argument, volume.sequence());
      case HDIO_GETGEO -> geometry(m, argument);
      case BLKRASET, BLKFRASET, BLKROSET -> {
        return c.uid() == 0 ? request == BLKROSET ? -Errno.EOPNOTSUPP : 0 : -Errno.EACCES;
      }
      case BLKBSZSET -> {
        int size = m.readInt(argument);
        boolean good = size >= g.blockSize() && size <= PAGE && Integer.bitCount(size) == 1;
        return good ? 0 : -Errno.EINVAL;
      }
      case BLKFLSBUF -> {
        return flush(c);
      }
      case BLKRRPART -> {
        return volume.readPartitions(c);
      }
      case BLKPG -> {
        return changePartition(c, argument);
      }
      case BLKDISCARD, BLKSECDISCARD, BLKZEROOUT -> {
        return clear(c, request, argument);
      }
      default -> {
        return control.make(c, volume.disk().driver(), request, argument, file.isWritable());
      }
    }
    return 0;
  }

  private long changePartition(Caller c, long argument) {
    AddressSpace m = c.memory();
    int operation = m.readInt(argument);
    long data = m.readLong(argument + ARGUMENT_DATA);
    if (c.uid() != 0) {
      return -Errno.EACCES;
    }
    int number = m.readInt(data + PARTITION_NUMBER);
    if (volume.partition() != 0 || number <= 0) {
      return -Errno.EINVAL;
    }
    if (operation == BLKPG_DELETE) {
      return volume.removePartition(number);
    }
    long start = m.readLong(data);
    long length = m.readLong(data + PARTITION_LENGTH);
    int blockSize = volume.blockSize();
    if (operation != BLKPG_ADD && operation != BLKPG_RESIZE
        || number > MOST_PARTITIONS
        || start < 0
        || length <= 0
        || ((start | length) & blockSize - 1) != 0
        || start > volume.size() - length) {
      return -Errno.EINVAL;
    }
    Partition p = new Partition(number, start / blockSize, length / blockSize, "", "");
    return operation == BLKPG_ADD ? volume.addPartition(p) : volume.resizePartition(p);
  }

  private void geometry(AddressSpace m, long to) {
    long cylinders = (volume.size() >>> SECTOR_SHIFT) / (HEADS * SECTORS);
    m.writeByte(to, (byte) HEADS);
    m.writeByte(to + 1, (byte) SECTORS);
    m.writeShort(to + 2, (short) Math.min(cylinders, 0xffff));
    m.writeLong(to + 8, volume.start() >>> SECTOR_SHIFT);
  }

  private long flush(Caller c) {
    if (c.uid() != 0) {
      return -Errno.EACCES;
    }
    if (!SyncCall.of(c, volume, false).isDone(c)) {
      return Caller.BLOCKED;
    }
    volume.cache().drop(0, Long.MAX_VALUE);
    return 0;
  }

  private long clear(Caller c, int request, long argument) {
    if (!file.isWritable()) {
      return -Errno.EBADF;
    }
    if (c.unfinished() instanceof ClearCall begun) {
      return goOn(c, begun);
    }
    DiskGeometry g = volume.queue().geometry();
    if (request == BLKSECDISCARD || request == BLKDISCARD && g.maxDiscard() == 0) {
      return -Errno.EOPNOTSUPP;
    }
    long from = c.memory().readLong(argument);
    long length = c.memory().readLong(argument + Long.BYTES);
    return clear(c, from, length, request == BLKZEROOUT);
  }

  /**
   * Makes a range read as zeros, or tells the disk that it is not needed any more.
   *
   * @return 0, {@code -errno}, or {@link Caller#BLOCKED}
   */
  long clear(Caller c, long from, long length, boolean zeros) {
    if (c.unfinished() instanceof ClearCall begun) {
      return goOn(c, begun);
    }
    DiskGeometry g = volume.queue().geometry();
    if (((from | length) & g.blockSize() - 1) != 0
        || from < 0
        || length <= 0
        || length > volume.size() - from) {
      return -Errno.EINVAL;
    }
    if (!zeros && g.maxDiscard() == 0) {
      return -Errno.EOPNOTSUPP;
    }
    BlockOperation operation = BlockOperation.DISCARD;
    if (zeros) {
      operation = g.maxWriteZeroes() == 0 ? BlockOperation.WRITE : BlockOperation.WRITE_ZEROES;
    }
    return goOn(c, new ClearCall(volume, operation, from, from + length));
  }

  private static long goOn(Caller c, ClearCall call) {
    if (!call.goOn()) {
      c.unfinished(call);
      return c.sleepThroughSignals(call.waiters());
    }
    c.unfinished(null);
    return call.status() == BlockStatus.OK ? 0 : Volume.failure(call.status());
  }
}
