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

  /** Runs overlap nothing, are aligned, and are found whenever there is one. */
  @Property(tries = 300)
  void runsAreFoundWhereverFreeFramesLieTogether(
      @ForAll @Size(max = 120) List<@IntRange(min = 0, max = 999) Integer> steps) {
    try (Ram ram = new Ram(BASE, FRAMES * 4096L)) {
      FrameAllocator a = allocator(ram);
      boolean[] used = new boolean[FRAMES];
      for (int step : steps) {
        int count = 1 << step % 4;
        if (step < 500) {
          long run = a.allocateRun(count);
          assertEquals(!hasRun(used, count), run == FrameAllocator.NONE);
          for (int i = 0; run != FrameAllocator.NONE && i < count; i++) {
            int frame = (int) (run - BASE >> 12) + i;
            assertTrue(frame % count == i && !used[frame]);
            used[frame] = true;
          }
        } else if (used[step % FRAMES]) {
          a.release(BASE + step % FRAMES * 4096L);
          used[step % FRAMES] = false;
        }
        int left = 0;
        for (boolean u : used) {
          left += u ? 0 : 1;
        }
        assertEquals(left, a.free());
      }
      // What is left is all in the list, each frame once.
      for (int left = a.free(); left > 0; left--) {
        int frame = (int) (a.allocate() - BASE >> 12);
        assertTrue(!used[frame]);
        used[frame] = true;
      }
      assertEquals(FrameAllocator.NONE, a.allocate());
    }
  }

  private static boolean hasRun(boolean[] used, int count) {
    for (int first = 0; first < FRAMES; first += count) {
      int i = first;
      while (i < first + count && !used[i]) {
        i++;
      }
      if (i == first + count) {
        return true;
      }
    }
    return false;
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
