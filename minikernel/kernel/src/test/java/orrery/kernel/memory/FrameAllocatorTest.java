package orrery.kernel.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import orrery.kernel.hw.PhysicalMemory;
import orrery.machine.Ram;

class FrameAllocatorTest {
  private static final long BASE = 0x4000_0000L;
  private static final int FRAMES = 32;

  private static FrameAllocator allocator(Ram ram) {
    return new FrameAllocator(new PhysicalMemory(ram, (address, length) -> {}));
  }

  @Property(tries = 200)
  void neverHandsOutAFrameThatIsInUse(
      @ForAll @Size(max = 200) List<@IntRange(min = 0, max = 99) Integer> steps,
      @ForAll @IntRange(min = 0, max = 31) int reserved) {
    try (Ram ram = new Ram(BASE, FRAMES * 4096L)) {
      FrameAllocator a = allocator(ram);
      a.reserve(BASE + reserved * 4096L, 4096);
      List<Long> inUse = new ArrayList<>(List.of(BASE + reserved * 4096L));
      for (int step : steps) {
        if (step < 60) {
          long frame = a.allocate();
          assertEquals(inUse.size() == FRAMES, frame == FrameAllocator.NONE);
          if (frame != FrameAllocator.NONE) {
            assertTrue(!inUse.contains(frame) && frame >= BASE && frame % 4096 == 0);
            inUse.add(frame);
          }
        } else if (!inUse.isEmpty()) {
          long frame = inUse.remove(step % inUse.size());
          a.share(frame);
          a.release(frame);
          assertEquals(1, a.references(frame));
          a.release(frame);
        }
        assertEquals(FRAMES - inUse.size(), a.free());
      }
    }
  }

  @Test
  void zeroedFramesAreZeroAfterReuse() {
    try (Ram ram = new Ram(BASE, FRAMES * 4096L)) {
      FrameAllocator a = allocator(ram);
      long frame = a.allocate();
      a.memory().writeLong(frame + 4088, -1);
      a.release(frame);
      assertEquals(frame, a.allocateZeroed());
      assertEquals(0, a.memory().readLong(frame + 4088));
    }
  }

  @Test
  void releaseOfAFreeFrameIsABug() {
    try (Ram ram = new Ram(BASE, FRAMES * 4096L)) {
      FrameAllocator a = allocator(ram);
      long frame = a.allocate();
      a.release(frame);
      assertThrows(IllegalStateException.class, () -> a.release(frame));
    }
  }

  @Test
  void reservedRangesAreNotHandedOutUntilGivenBack() {
    try (Ram ram = new Ram(BASE, FRAMES * 4096L)) {
      FrameAllocator a = allocator(ram);
      a.reserve(BASE + 100, 8192); // touches three frames
      Set<Long> all = new HashSet<>();
      for (long frame = a.allocate(); frame != FrameAllocator.NONE; frame = a.allocate()) {
        all.add(frame);
      }
      assertEquals(FRAMES - 3, all.size());
      a.release(BASE);
      assertEquals(BASE, a.allocate());
    }
  }
}
