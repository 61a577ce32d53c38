package orrery.kernel.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import orrery.kernel.abi.Errno;
import orrery.kernel.abi.MapFlag;
import orrery.kernel.abi.OpenFlag;
import orrery.kernel.abi.SeekWhence;
import orrery.kernel.block.BlockStatus;
import orrery.kernel.block.DiskGeometry;
import orrery.kernel.fs.OpenFile;
import orrery.kernel.fs.Synchronizer;
import orrery.kernel.memory.FrameAllocator;
import orrery.kernel.memory.IoBuffer;
import orrery.kernel.memory.MemoryFixture;

/** What programs see of a block device. */
class VolumeFileTest {
  private static final int PAGE = 4096;
  private static final long VA = VolumeFixture.MEMORY;
  private static final int BLKRRPART = 0x125f;
  private static final int BLKPG = 0x1269;
  private static final int BLKGETSIZE64 = 0x80081272;
  private static final int BLKSSZGET = 0x1268;
  private static final int BLKDISCARD = 0x1277;

  private static DiskGeometry geometry() {
    return DiskGeometry.of(512, 2048)
        .withQueue(64 << 10, 8)
        .withVolatileCache(true)
        .withDiscard(1024, 512)
        .withWriteZeroes(1024);
  }

  private static VolumeFixture plain() {
    byte[] contents = new byte[1 << 20];
    new Random(7).nextBytes(contents);
    return new VolumeFixture(geometry(), contents);
  }

  @Test
  void directTransfersAreAlignedAsInLinux() {
    try (VolumeFixture f = plain()) {
      OpenFile d = f.open("nvme0n1", OpenFlag.O_RDWR | OpenFlag.O_DIRECT);
      assertEquals(-Errno.EINVAL, f.read(d, VA, 512, 100));
      assertEquals(-Errno.EINVAL, f.read(d, VA, 100, 512));
      assertEquals(-Errno.EINVAL, f.read(d, VA + 2, 512, 512));
      assertEquals(512, f.read(d, VA + 4, 512, 512));
      assertEquals(0, f.read(d, VA, 512, 1 << 20));
      assertEquals(1024, f.read(d, VA, 8192, (1 << 20) - 1024));
      assertEquals(-Errno.ENOSPC, f.write(d, VA, 512, 1 << 20));
      assertEquals(512, f.write(d, VA, 1024, (1 << 20) - 512));
      assertEquals(-Errno.EFAULT, MemoryFixture.errno(() -> f.read(d, 4096, 512, 0)) * -1);
      d.drop();
    }
  }

  @Test
  void oneCallIsOneRequestThatPointsToTheProgramsOwnPages() {
    try (VolumeFixture f = plain()) {
      OpenFile d = f.open("nvme0n1", OpenFlag.O_RDONLY | OpenFlag.O_DIRECT);
      assertEquals(64 << 10, f.read(d, VA, 64 << 10, 0));
      assertEquals(List.of("READ 0+128"), f.disk.log);
      assertEquals(0, f.volumes.all().getFirst().cache().count());
      d.drop();
    }
  }

  @Test
  void synchronousWritesAreForcedAndFsyncFlushes() {
    try (VolumeFixture f = plain()) {
      OpenFile d = f.open("nvme0n1", OpenFlag.O_RDWR | OpenFlag.O_DIRECT | OpenFlag.O_DSYNC);
      assertEquals(512, f.write(d, VA, 512, 0));
      OpenFile c = f.open("nvme0n1", OpenFlag.O_RDWR);
      assertEquals(PAGE, f.write(c, VA, PAGE, PAGE));
      assertEquals(List.of("WRITE 0+1 FUA"), f.disk.log);
      assertEquals(0, f.sync(c));
      assertEquals(List.of("WRITE 0+1 FUA", "WRITE 8+8", "FLUSH 0+0"), f.disk.log);
      c.drop();
      d.drop();
    }
  }

  @Test
  void writesInARowAreWrittenBackAsLongRequests() {
    try (VolumeFixture f = plain()) {
      OpenFile c = f.open("nvme0n1", OpenFlag.O_RDWR);
      for (int i = 31; i >= 0; i--) {
        assertEquals(PAGE, f.write(c, VA, PAGE, (long) i * PAGE));
      }
      assertEquals(0, f.call(() -> f.volumes.sync(f.caller)));
      assertEquals(List.of("WRITE 0+128", "WRITE 128+128", "FLUSH 0+0"), f.disk.log);
      c.drop();
    }
  }

  @Test
  void failedReadIsAnErrorAndTheNextOneTriesAgain() {
    try (VolumeFixture f = plain()) {
      OpenFile c = f.open("nvme0n1", OpenFlag.O_RDONLY);
      f.disk.status = BlockStatus.MEDIUM;
      assertEquals(-Errno.ENODATA, f.read(c, VA, 100, 0));
      f.disk.status = BlockStatus.IO_ERROR;
      assertEquals(-Errno.EIO, f.read(c, VA, 100, 0));
      f.disk.status = BlockStatus.OK;
      assertEquals(100, f.read(c, VA, 100, 0));
      c.drop();
    }
  }

  @Test
  void failedWriteBackIsToldOnceToEachFile() {
    try (VolumeFixture f = plain()) {
      OpenFile a = f.open("nvme0n1", OpenFlag.O_RDWR);
      OpenFile b = f.open("nvme0n1", OpenFlag.O_RDWR);
      assertEquals(PAGE, f.write(a, VA, PAGE, 0));
      f.disk.status = BlockStatus.IO_ERROR;
      assertEquals(-Errno.EIO, f.sync(a));
      f.disk.status = BlockStatus.OK;
      assertEquals(0, f.sync(a));
      assertEquals(-Errno.EIO, f.sync(b));
      assertEquals(0, f.sync(b));
      a.drop();
      b.drop();
    }
  }

  @Test
  void lastCloseWritesAndForgets() {
    try (VolumeFixture f = plain()) {
      f.put(VA, new byte[] {1, 2, 3});
      OpenFile c = f.open("nvme0n1", OpenFlag.O_RDWR);
      assertEquals(3, f.write(c, VA, 3, 5000));
      c.drop();
      assertEquals(2, f.disk.bytes[5001]);
      assertEquals(0, f.volumes.all().getFirst().cache().count());
    }
  }

  @Test
  void whatAMappingWroteIsWrittenBack() {
    try (VolumeFixture f = plain()) {
      OpenFile c = f.open("nvme0n1", OpenFlag.O_RDWR);
      long at =
          f.space
              .layout()
              .map(
                  0,
                  4 * PAGE,
                  MapFlag.PROT_READ | MapFlag.PROT_WRITE,
                  MapFlag.MAP_SHARED,
                  c.mapping(),
                  8 * PAGE,
                  true,
                  "/dev/nvme0n1");
      assertEquals(f.disk.bytes[9 * PAGE + 17], f.space.readByte(at + PAGE + 17));
      f.space.writeInt(at + PAGE, 0x01020304);
      assertEquals(0, f.sync(c));
      assertEquals(4, f.disk.bytes[9 * PAGE]);
      f.space.writeInt(at + PAGE, 0x0a0b0c0d);
      f.space.layout().unmap(at, 4 * PAGE);
      c.drop();
      assertEquals(0xd, f.disk.bytes[9 * PAGE]);
    }
  }

  /**
   * A program goes on using what is written: that is written once, and again only if it changed.
   */
  @Test
  void mappingThatStaysDoesNotKeepAnybodyFromSyncing() {
    try (VolumeFixture f = plain()) {
      f.disk.slow = true;
      OpenFile c = f.open("nvme0n1", OpenFlag.O_RDWR);
      long at =
          f.space
              .layout()
              .map(
                  0,
                  2 * PAGE,
                  MapFlag.PROT_READ | MapFlag.PROT_WRITE,
                  MapFlag.MAP_SHARED,
                  c.mapping(),
                  0,
                  true,
                  "/dev/nvme0n1");
      Synchronizer mapped = (Synchronizer) c.mapping();
      f.space.writeByte(at, (byte) 1);
      f.disk.log.clear();
      assertEquals(0, f.call(() -> mapped.sync(f.caller)));
      assertEquals(1, f.disk.bytes[0]);
      assertEquals(List.of("WRITE 0+8", "FLUSH 0+0"), f.disk.log);
      assertEquals(0, f.sync(c));
      assertEquals("FLUSH 0+0", f.disk.log.getLast());
      assertEquals(3, f.disk.log.size(), "nothing has changed");
      f.space.writeByte(at, (byte) 2);
      OpenFile d = f.open("nvme0n1", OpenFlag.O_RDONLY | OpenFlag.O_DIRECT);
      assertEquals(512, f.read(d, VA, 512, 0));
      assertEquals(2, f.space.readByte(VA));
      assertEquals(2, f.disk.bytes[0]);
      d.drop();
      f.space.layout().unmap(at, 2 * PAGE);
      c.drop();
    }
  }

  @Test
  void msyncTellsOfWhatCouldNotBeWritten() {
    try (VolumeFixture f = plain()) {
      OpenFile c = f.open("nvme0n1", OpenFlag.O_RDWR);
      Synchronizer mapped = (Synchronizer) c.mapping();
      assertEquals(PAGE, f.write(c, VA, PAGE, 0));
      f.disk.status = BlockStatus.MEDIUM;
      assertTrue(f.call(() -> mapped.sync(f.caller)) < 0);
      f.disk.status = BlockStatus.OK;
      assertEquals(0, f.call(() -> mapped.sync(f.caller)));
      c.drop();
    }
  }

  @Test
  void exclusiveOpenIsForOne() {
    try (VolumeFixture f = plain()) {
      OpenFile first = f.open("nvme0n1", OpenFlag.O_RDWR | OpenFlag.O_EXCL);
      f.open("nvme0n1", OpenFlag.O_RDWR).drop();
      assertEquals(
          Errno.EBUSY,
          MemoryFixture.errno(() -> f.open("nvme0n1", OpenFlag.O_RDONLY | OpenFlag.O_EXCL)));
      first.drop();
      f.open("nvme0n1", OpenFlag.O_RDONLY | OpenFlag.O_EXCL).drop();
    }
  }

  @Test
  void writeProtectedDiskIsNotOpenedForWriting() {
    try (VolumeFixture f = new VolumeFixture(DiskGeometry.of(512, 100).asReadOnly())) {
      assertEquals(Errno.EACCES, MemoryFixture.errno(() -> f.open("nvme0n1", OpenFlag.O_RDWR)));
      f.open("nvme0n1", OpenFlag.O_RDONLY).drop();
    }
  }

  @Test
  void requestsTellSizesAndDiscard() {
    try (VolumeFixture f = plain()) {
      OpenFile c = f.open("nvme0n1", OpenFlag.O_RDWR);
      assertEquals(0, f.call(() -> c.ioctl(f.caller, BLKGETSIZE64, VA)));
      assertEquals(1 << 20, f.space.readLong(VA));
      assertEquals(0, f.call(() -> c.ioctl(f.caller, BLKSSZGET, VA)));
      assertEquals(512, f.space.readInt(VA));
      assertEquals(1 << 20, c.seek(f.caller, 0, SeekWhence.SEEK_END));
      f.space.writeLong(VA, 512);
      f.space.writeLong(VA + 8, 1024);
      assertEquals(0, f.call(() -> c.ioctl(f.caller, BLKDISCARD, VA)));
      assertEquals("DISCARD 1+2", f.disk.log.getLast());
      f.space.writeLong(VA, 100);
      assertEquals(-Errno.EINVAL, f.call(() -> c.ioctl(f.caller, BLKDISCARD, VA)));
      f.space.writeLong(VA, Long.MIN_VALUE);
      assertEquals(-Errno.EINVAL, f.call(() -> c.ioctl(f.caller, BLKDISCARD, VA)));
      assertEquals(-Errno.ENOTTY, f.call(() -> c.ioctl(f.caller, 0x1234, VA)));
      c.drop();
    }
  }

  @Test
  void partitionsComeAndGoWithTheTable() {
    try (VolumeFixture f = plain()) {
      OpenFile c = f.open("nvme0n1", OpenFlag.O_RDWR);
      byte[] table = new byte[1 << 20];
      PartitionTables.write(table, 512, new long[] {40, 99}, new long[] {100, 199});
      f.put(VA, table);
      assertEquals(1 << 20, f.write(c, VA, 1 << 20, 0));
      assertEquals(0, f.call(() -> c.ioctl(f.caller, BLKRRPART, 0)));
      OpenFile p = f.open("nvme0n1p2", OpenFlag.O_RDWR | OpenFlag.O_DIRECT);
      assertEquals(51200, p.seek(f.caller, 0, SeekWhence.SEEK_END));
      f.put(VA, new byte[] {42});
      assertEquals(512, f.write(p, VA, 512, 512));
      assertEquals(42, f.disk.bytes[101 * 512]);
      assertEquals(-Errno.ENOSPC, f.write(p, VA, 512, 51200));
      assertEquals(-Errno.EBUSY, f.call(() -> c.ioctl(f.caller, BLKRRPART, 0)));
      p.drop();
      f.put(VA, new byte[512]);
      assertEquals(512, f.write(c, VA, 512, 0));
      assertEquals(0, f.call(() -> c.ioctl(f.caller, BLKRRPART, 0)));
      assertFalse(f.exists("nvme0n1p1"));
      c.drop();
    }
  }

  /** BLKPG on a file. */
  private static long change(
      VolumeFixture f, OpenFile file, int what, int number, long start, long length) {
    f.space.writeInt(VA, what);
    f.space.writeLong(VA + 16, VA + 64);
    f.space.writeLong(VA + 64, start);
    f.space.writeLong(VA + 72, length);
    f.space.writeInt(VA + 80, number);
    return f.call(() -> file.ioctl(f.caller, BLKPG, VA));
  }

  @Test
  void partitionsComeAndGoOneByOne() {
    try (VolumeFixture f = plain()) {
      OpenFile c = f.open("nvme0n1", OpenFlag.O_RDWR);
      assertEquals(0, change(f, c, 1, 3, 8192, 4096));
      assertEquals(0, change(f, c, 1, 1, 12288, 512));
      assertEquals(-Errno.EBUSY, change(f, c, 1, 1, 65536, 512));
      assertEquals(-Errno.EBUSY, change(f, c, 1, 2, 12000 & -512, 1024));
      assertEquals(-Errno.EINVAL, change(f, c, 1, 2, 100, 512));
      assertEquals(-Errno.EINVAL, change(f, c, 1, 2, 512, Long.MAX_VALUE & -512));
      assertEquals(-Errno.EINVAL, change(f, c, 1, 0, 65536, 512));
      assertEquals(-Errno.EINVAL, change(f, c, 7, 2, 65536, 512));
      OpenFile p = f.open("nvme0n1p3", OpenFlag.O_RDWR | OpenFlag.O_DIRECT);
      assertEquals(4096, p.seek(f.caller, 0, SeekWhence.SEEK_END));
      assertEquals(-Errno.EINVAL, change(f, p, 1, 4, 0, 512));
      assertEquals(-Errno.EBUSY, change(f, c, 2, 3, 0, 0));
      f.put(VA, new byte[] {42});
      assertEquals(512, f.write(p, VA, 512, 512));
      assertEquals(42, f.disk.bytes[8192 + 512]);
      p.drop();
      assertEquals(0, change(f, c, 2, 3, 0, 0));
      assertEquals(-Errno.ENXIO, change(f, c, 2, 3, 0, 0));
      assertFalse(f.exists("nvme0n1p3"));
      assertTrue(f.exists("nvme0n1p1"));
      c.drop();
    }
  }

  @Test
  void openPartitionGetsAnotherSize() {
    try (VolumeFixture f = plain()) {
      OpenFile c = f.open("nvme0n1", OpenFlag.O_RDWR);
      assertEquals(0, change(f, c, 1, 1, 8192, 4608));
      assertEquals(0, change(f, c, 1, 2, 20480, 512));
      OpenFile p = f.open("nvme0n1p1", OpenFlag.O_RDWR);
      f.disk.slow = true;
      f.put(VA, new byte[] {42});
      assertEquals(1, f.write(p, VA, 1, 4607));
      assertEquals(0, change(f, c, 3, 1, 8192, 8192));
      assertEquals(42, f.disk.bytes[8192 + 4607], "the page at the old end was written");
      assertEquals(8192, p.seek(f.caller, 0, SeekWhence.SEEK_END));
      assertEquals(2, f.read(p, VA, 2, 4607));
      assertEquals(42, f.space.readByte(VA));
      assertEquals(f.disk.bytes[8192 + 4608], f.space.readByte(VA + 1), "not zero, but the disk's");

      byte kept = f.disk.bytes[8192 + 4096];
      f.put(VA, new byte[] {(byte) ~kept});
      assertEquals(1, f.write(p, VA, 1, 4096));
      assertEquals(0, change(f, c, 3, 1, 8192, 512));
      assertEquals(0, f.sync(p));
      assertEquals(kept, f.disk.bytes[8192 + 4096], "what lay behind the end is not written");
      assertEquals(0, f.read(p, VA, 1, 512));

      assertEquals(-Errno.ENXIO, change(f, c, 3, 9, 8192, 512));
      assertEquals(-Errno.EINVAL, change(f, c, 3, 1, 8704, 512));
      assertEquals(-Errno.EBUSY, change(f, c, 3, 1, 8192, 12800));
      assertEquals(-Errno.EINVAL, change(f, c, 3, 1, 8192, 1L << 40));
      assertEquals(0, change(f, c, 3, 1, 8192, 12288));
      p.drop();
      c.drop();
    }
  }

  @Test
  void diskThatGrowsShowsWhatItHasBehindItsOldEnd() {
    try (VolumeFixture f = plain()) {
      DiskGeometry whole = f.disk.queue().geometry();
      int size = (int) whole.bytes();
      f.disk
          .disk()
          .resize(
              DiskGeometry.of(512, whole.blocks() - 1)
                  .withQueue(64 << 10, 8)
                  .withVolatileCache(true));
      OpenFile c = f.open("nvme0n1", OpenFlag.O_RDWR);
      assertEquals(size - 512, c.seek(f.caller, 0, SeekWhence.SEEK_END));
      f.disk.slow = true;
      f.put(VA, new byte[] {42});
      assertEquals(1, f.write(c, VA, 1, size - 513));
      byte behind = f.disk.bytes[size - 512];
      f.disk.disk().resize(whole);
      f.block.driver.timers.expire(f.block.clock.nanos());
      assertEquals(size, c.seek(f.caller, 0, SeekWhence.SEEK_END));
      assertEquals(2, f.read(c, VA, 2, size - 513));
      assertEquals(42, f.space.readByte(VA));
      assertEquals(behind, f.space.readByte(VA + 1));
      assertEquals(0, f.sync(c));
      assertEquals(behind, f.disk.bytes[size - 512]);
      c.drop();
    }
  }

  @Test
  void diskThatGoesAwayFailsWhatIsOpen() {
    try (VolumeFixture f = plain()) {
      OpenFile c = f.open("nvme0n1", OpenFlag.O_RDWR);
      assertEquals(PAGE, f.write(c, VA, PAGE, 0));
      f.block.driver.unbind();
      assertFalse(f.exists("nvme0n1"));
      assertEquals(-Errno.EIO, f.read(c, VA, 10, 0));
      assertEquals(-Errno.EIO, f.write(c, VA, 10, 0));
      c.drop();
    }
  }

  @Test
  void programThatEndsDuringATransferLeavesNothingBehind() {
    try (VolumeFixture f = plain()) {
      f.disk.slow = true;
      OpenFile d = f.open("nvme0n1", OpenFlag.O_RDONLY | OpenFlag.O_DIRECT);
      IoBuffer io = new IoBuffer();
      f.caller.beginCall();
      f.space.writeLong(VA, 0);
      long frame = f.space.physical(VA, true);
      long answer =
          ((AsynchronousFile) d)
              .begin(f.caller, io.user(f.space, VA, PAGE), 0, false, false, result -> {});
      assertEquals(AsynchronousFile.BEGUN, answer);
      f.space.layout().unmap(VA, PAGE);
      assertEquals(1, f.block.memory.frames.references(frame), "the frame is the device's still");
      f.disk.finish(1);
      assertTrue(f.block.memory.frames.references(frame) <= 0);
      d.drop();
    }
  }

  @Test
  void memoryForOtherThingsIsTakenFromTheCache() {
    try (VolumeFixture f = plain()) {
      OpenFile c = f.open("nvme0n1", OpenFlag.O_RDONLY);
      byte[] before = new byte[1 << 20];
      for (long at = 0; at < before.length; at += 65536) {
        assertEquals(65536, f.read(c, VA, 65536, at));
      }
      int cached = f.volumes.all().getFirst().cache().count();
      assertEquals(256, cached);
      int taken = 0;
      long[] frames = new long[f.block.memory.frames.total()];
      long frame = f.block.memory.frames.allocate();
      while (frame != FrameAllocator.NONE) {
        frames[taken++] = frame;
        frame = f.block.memory.frames.allocate();
      }
      assertEquals(0, f.volumes.all().getFirst().cache().count());
      for (int i = 0; i < taken; i++) {
        f.block.memory.frames.release(frames[i]);
      }
      assertEquals(4096, f.read(c, VA, 4096, 8192));
      assertArrayEquals(Arrays.copyOfRange(f.disk.bytes, 8192, 12288), f.bytes(VA, 4096));
      c.drop();
    }
  }
}
