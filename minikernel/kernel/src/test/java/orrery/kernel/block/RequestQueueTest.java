package orrery.kernel.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import orrery.kernel.memory.FrameAllocator;
import orrery.ownership.OwnershipException;

class RequestQueueTest {
  private static final int PAGE = 4096;

  private final BlockFixture disk =
      new BlockFixture(DiskGeometry.of(512, 8192).withQueue(32 << 10, 4).withVolatileCache(true));
  private final List<BlockStatus> ends = new ArrayList<>();

  private final class Io extends BlockIo {
    @Override
    protected void finished(BlockStatus how) {
      ends.add(how);
    }
  }

  @AfterEach
  void end() {
    disk.close();
  }

  private long[] frames(int n) {
    long[] frames = new long[n];
    for (int i = 0; i < n; i++) {
      frames[i] = disk.memory.frames.allocateZeroed();
    }
    return frames;
  }

  private void pages(BlockIo io, BlockOperation what, long position, long... frames) {
    for (int i = 0; i < frames.length; i++) {
      disk.queue.transfer(io, what, position + (long) i * PAGE, frames[i], 0, PAGE, false, false);
    }
  }

  @Test
  void pagesOfOneCallAreOneRequestUpToTheLongest() {
    Io io = new Io();
    io.begin();
    disk.queue.plug();
    pages(io, BlockOperation.WRITE, 0, frames(20));
    assertTrue(disk.disk.log.isEmpty());
    disk.queue.unplug();
    io.submitted();
    assertEquals(List.of("WRITE 0+64", "WRITE 64+64", "WRITE 128+32"), disk.disk.log);
    assertEquals(List.of(BlockStatus.OK), ends);
  }

  @Test
  void neighboursBeforeAndBehindAreMergedWhileTheDriverIsBusy() {
    disk.disk.slow = true;
    Io io = new Io();
    io.begin();
    for (int i = 0; i < 4; i++) {
      pages(io, BlockOperation.READ, 1 << 20, frames(1)); // alike, but not neighbours
    }
    assertEquals(4, disk.disk.pending());
    pages(io, BlockOperation.READ, 3 * PAGE, frames(1));
    pages(io, BlockOperation.READ, 2 * PAGE, frames(1));
    pages(io, BlockOperation.READ, 4 * PAGE, frames(1));
    pages(io, BlockOperation.WRITE, 5 * PAGE, frames(1));
    io.submitted();
    disk.disk.finish(4);
    disk.disk.finish(4);
    assertEquals(List.of("READ 16+24", "WRITE 40+8"), disk.disk.log.subList(4, 6));
    assertEquals(List.of(BlockStatus.OK), ends);
    assertEquals(4, disk.disk.deepest);
  }

  @Test
  void dataGoWhereTheyBelongWhereverTheyLieInPages() {
    long[] frames = frames(3);
    byte[] data = new byte[2 * PAGE];
    for (int i = 0; i < data.length; i++) {
      data[i] = (byte) (i * 7 + i / 256);
    }
    disk.memory.physical.copyIn(data, 0, frames[0] + 512, PAGE - 512);
    disk.memory.physical.copyIn(data, PAGE - 512, frames[1], PAGE);
    disk.memory.physical.copyIn(data, 2 * PAGE - 512, frames[2], 512);
    Io io = new Io();
    io.begin();
    disk.queue.plug();
    disk.queue.transfer(io, BlockOperation.WRITE, 1024, frames[0], 512, PAGE - 512, true, false);
    disk.queue.transfer(
        io, BlockOperation.WRITE, 1024 + PAGE - 512, frames[1], 0, PAGE, true, false);
    disk.queue.transfer(
        io, BlockOperation.WRITE, 1024 + 2 * PAGE - 512, frames[2], 0, 512, true, false);
    disk.queue.unplug();
    io.submitted();
    assertEquals(List.of("WRITE 2+16 FUA"), disk.disk.log);
    for (int i = 0; i < data.length; i++) {
      assertEquals(data[i], disk.disk.bytes[1024 + i]);
    }
  }

  @Test
  void frameIsHeldAndLentUntilTheRequestEnds() {
    disk.disk.slow = true;
    long frame = disk.memory.frames.allocateZeroed();
    Io io = new Io();
    io.begin();
    pages(io, BlockOperation.READ, 0, frame);
    io.submitted();
    assertEquals(2, disk.memory.frames.references(frame));
    assertTrue(io.isUnderWay());
    disk.disk.finish(1);
    assertEquals(1, disk.memory.frames.references(frame));
    assertFalse(io.isUnderWay());
  }

  @Test
  void requestThatEndsTwiceIsADefinedError() {
    disk.disk.slow = true;
    List<BlockRequest> kept = new ArrayList<>();
    Io io = new Io();
    io.begin();
    pages(io, BlockOperation.READ, 0, disk.memory.frames.allocateZeroed());
    io.submitted();
    kept.add(disk.disk.take());
    kept.getFirst().complete(BlockStatus.OK);
    assertThrows(OwnershipException.class, () -> kept.getFirst().complete(BlockStatus.OK));
    assertThrows(OwnershipException.class, kept.getFirst()::pages);
  }

  @Test
  void failureReachesAllThatWait() {
    disk.disk.slow = true;
    Io first = new Io();
    Io second = new Io();
    disk.queue.plug();
    first.begin();
    second.begin();
    pages(first, BlockOperation.WRITE, 0, frames(1));
    pages(second, BlockOperation.WRITE, PAGE, frames(1));
    first.submitted();
    second.submitted();
    disk.queue.unplug();
    disk.disk.status = BlockStatus.MEDIUM;
    disk.disk.finish(1);
    assertEquals(List.of(BlockStatus.MEDIUM, BlockStatus.MEDIUM), ends);
    assertEquals(1, disk.queue.statistics().merges(BlockOperation.WRITE));
  }

  @Test
  void diskThatGoesEndsWhatWaits() {
    disk.disk.slow = true;
    Io io = new Io();
    io.begin();
    for (int i = 0; i < 6; i++) {
      pages(io, BlockOperation.READ, 8 * i * PAGE, frames(1));
    }
    io.submitted();
    disk.driver.unbind();
    assertEquals(List.of(BlockStatus.OFFLINE), ends);
    assertEquals(4, disk.disk.log.size());
    assertTrue(disk.queue.isIdle());
  }

  @Test
  void polledRequestIsLookedForUntilItIsDone() {
    disk.disk.slow = true;
    Io io = new Io();
    io.begin();
    disk.queue.transfer(
        io, BlockOperation.READ, 0, disk.memory.frames.allocate(), 0, PAGE, false, true);
    io.submitted();
    assertEquals(1, disk.disk.pending());
    disk.queue.poll();
    assertEquals(List.of(BlockStatus.OK), ends);
    assertEquals(Long.MAX_VALUE, disk.driver.timers.earliest());
    assertTrue(FrameAllocator.NONE != disk.memory.frames.allocate());
  }

  @Test
  void longCommandsAreSplitAndAFlushWithoutACacheIsNone() {
    BlockFixture plain =
        new BlockFixture(DiskGeometry.of(4096, 64).withDiscard(16, 4096).withWriteZeroes(64));
    Io io = new Io();
    io.begin();
    plain.queue.command(io, BlockOperation.DISCARD, 4096, 40 * 4096);
    plain.queue.command(io, BlockOperation.WRITE_ZEROES, 0, 64 * 4096);
    plain.queue.command(io, BlockOperation.FLUSH, 0, 0);
    io.submitted();
    assertEquals(
        List.of("DISCARD 1+16", "DISCARD 17+16", "DISCARD 33+8", "WRITE_ZEROES 0+64"),
        plain.disk.log);
    assertEquals(List.of(BlockStatus.OK), ends);
    plain.close();
  }
}
