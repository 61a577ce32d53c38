package orrery.machine.irq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import orrery.machine.bus.BusFault;

class GicPropertyTest {
  private static final int FIRST = 32;
  private static final int COUNT = 8;
  private static final int SPURIOUS = 1023;

  /** Handlers nest: whatever lines do, acknowledged priorities rise and their ends undo them. */
  @Property
  void nestedHandlersRunInOrderOfPriority(
      @ForAll @Size(COUNT) List<@IntRange(min = 0, max = 30) Integer> priorities,
      @ForAll @Size(max = 100) List<@IntRange(min = 0, max = 3 * COUNT) Integer> actions) {
    GicBench bench = new GicBench(1);
    for (int i = 0; i < COUNT; i++) {
      bench.enable(FIRST + i, priorities.get(i) << 3);
    }
    Deque<Integer> running = new ArrayDeque<>();
    for (int action : actions) {
      int which = action / 3;
      if (which == COUNT || action % 3 == 2) {
        if (!running.isEmpty() && action % 2 == 0) {
          bench.endOfInterrupt(running.pop());
        } else {
          boolean signalled = bench.asserted[0];
          int intid = bench.acknowledge();
          assertEquals(signalled, intid != SPURIOUS, "the CPU's line tells what IAR answers");
          if (intid != SPURIOUS) {
            assertFalse(running.contains(intid));
            assertTrue(
                running.isEmpty()
                    || priorities.get(intid - FIRST) < priorities.get(running.peek() - FIRST));
            running.push(intid);
          }
        }
      } else {
        bench.gic.line(FIRST + which).set(action % 3 == 0);
      }
      int expected = running.isEmpty() ? 0xff : priorities.get(running.peek() - FIRST) << 3;
      assertEquals(expected, bench.cpu(GicRegisters.GICC_RPR));
    }
    while (!running.isEmpty()) {
      bench.endOfInterrupt(running.pop());
    }
    assertEquals(0, bench.cpu(GicRegisters.GICC_APR));
  }

  /** Whatever a guest writes wherever, the controller answers. */
  @Property
  void survivesAnyAccess(
      @ForAll @IntRange(min = 1, max = 8) int cpus, @ForAll @Size(max = 60) List<Long> accesses) {
    GicBench bench = new GicBench(cpus);
    for (long access : accesses) {
      long offset = access & 0xfffc;
      bench.gic.running((int) (access >>> 16 & 7) % cpus);
      long value = access >>> 32;
      switch ((int) (access >>> 20 & 7)) {
        case 0, 1 -> bench.gic.distributor().write(offset & 0xfff, 4, value);
        case 2 -> bench.gic.distributor().read(offset & 0xfff, 4);
        case 3 -> bytes(bench, offset + (access >>> 24 & 3), value & 0xff);
        case 4, 5 -> bench.gic.cpuInterface().write(offset & 0x1fff, 4, value);
        case 6 -> bench.gic.cpuInterface().read(offset & 0xff, 4);
        default -> bench.gic.line(32 + (int) (offset % 64)).set((value & 1) != 0);
      }
    }
  }

  private static void bytes(GicBench bench, long offset, long value) {
    try {
      bench.gic.distributor().write(offset, 1, value);
      assertTrue(bench.gic.distributor().read(offset, 1) <= 0xff);
    } catch (BusFault e) {
      assertFalse(offset >= 0x400 && offset < 0xc00, "priorities and targets take bytes");
    }
  }
}
