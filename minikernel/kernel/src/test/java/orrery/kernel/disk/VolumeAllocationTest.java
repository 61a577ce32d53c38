package orrery.kernel.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import orrery.kernel.abi.OpenFlag;
import orrery.kernel.block.DiskGeometry;
import orrery.kernel.fs.OpenFile;
import orrery.kernel.memory.IoBuffer;
import orrery.ownership.Census;

/**
 * Requests are made of what earlier ones left: once warm, the way to the disk allocates nothing.
 */
class VolumeAllocationTest {
  private static final long VA = VolumeFixture.MEMORY;
  private static final int CALLS = 20_000;

  /** What the JVM itself may take meanwhile, bytes a call. */
  private static final double NOTHING = 0.5;

  @Test
  void directAndAsynchronousTransfersAllocateNothing() {
    DiskGeometry geometry =
        DiskGeometry.of(512, 2048).withQueue(64 << 10, 8).withVolatileCache(true);
    try (VolumeFixture f = new VolumeFixture(geometry, new byte[0], Census.ofHandles())) {
      f.disk.logging = false;
      OpenFile d = f.open("nvme0n1", OpenFlag.O_RDWR | OpenFlag.O_DIRECT);
      IoBuffer io = new IoBuffer();
      long[] ended = new long[1];
      IoEnd end = result -> ended[0] += result;
      transfers(f, d, io, end);
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      long before = threads.getCurrentThreadAllocatedBytes();
      transfers(f, d, io, end);
      long after = threads.getCurrentThreadAllocatedBytes();
      assertTrue(
          (after - before) / (3.0 * CALLS) < NOTHING, (after - before) + " bytes were allocated");
      assertEquals(2L * CALLS * 16384, ended[0]);
      d.drop();
    }
  }

  private static void transfers(VolumeFixture f, OpenFile d, IoBuffer io, IoEnd end) {
    AsynchronousFile a = (AsynchronousFile) d;
    for (int i = 0; i < CALLS; i++) {
      long at = (i & 15) * 65536L;
      f.caller.beginCall();
      assertSame(4096, d.readAt(f.caller, io.user(f.space, VA, 4096), at));
      assertSame(8192, d.writeAt(f.caller, io.user(f.space, VA, 8192), at));
      a.begin(f.caller, io.user(f.space, VA, 16384), at, false, false, end);
    }
  }

  private static void assertSame(long wanted, long is) {
    if (wanted != is) {
      throw new AssertionError(is + " instead of " + wanted);
    }
  }
}
