package orrery.kernel.fs.tmpfs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import orrery.kernel.fs.Budget;
import orrery.kernel.fs.FileBench;

class PageIndexTest {
  private static final int STEPS = 400;

  @Property(tries = 100)
  void holdsWhatASortedMapHolds(@ForAll long seed) {
    Random r = new Random(seed);
    try (FileBench bench = new FileBench(4 << 20)) {
      Budget budget = Budget.space(1 << 20);
      PageIndex index = new PageIndex(budget);
      TreeMap<Long, Long> model = new TreeMap<>();
      int free = bench.frames.free();
      for (int i = 0; i < STEPS; i++) {
        long at = r.nextLong() >>> 13 + r.nextInt(51);
        switch (r.nextInt(10)) {
          case 0 -> {
            index.clear(at, Long.MAX_VALUE, bench.frames);
            model.tailMap(at).clear();
          }
          case 1 -> {
            long to = at + r.nextInt(1000);
            index.clear(at, to, bench.frames);
            model.subMap(at, to).clear();
          }
          default -> {
            if (!model.containsKey(at)) {
              long frame = bench.frames.allocate();
              index.set(at, frame);
              model.put(at, frame);
            }
          }
        }
        long probe = r.nextLong() >>> 13 + r.nextInt(51);
        assertEquals(model.getOrDefault(probe, 0L), index.get(probe));
        Long next = model.ceilingKey(probe);
        assertEquals(next == null ? -1 : next, index.nextPresent(probe));
        assertEquals(model.size(), index.count());
      }
      index.clear(0, Long.MAX_VALUE, bench.frames);
      assertEquals(free, bench.frames.free());
      assertEquals(0, budget.used());
    }
  }
}
