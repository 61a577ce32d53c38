package orrery.kernel.block;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BordersTest {
  private static final int SECTOR = 512;
  private static final int REQUESTS = 64;

  @Property
  void whatWasAddedIsFound(@ForAll @Size(max = 200) long[] positions) {
    Borders borders = new Borders();
    for (long position : positions) {
      borders.add(position);
    }
    for (long position : positions) {
      assertTrue(borders.mayHave(position));
    }
    borders.clear();
    for (long position : positions) {
      assertFalse(borders.mayHave(position));
    }
  }

  @Test
  void fewOthersAreFoundAmongTheBordersOfManyRequests() {
    Random random = new Random(1);
    Borders borders = new Borders();
    for (int i = 0; i < REQUESTS; i++) {
      borders.add((long) random.nextInt(1 << 30) * SECTOR);
    }
    int wrong = 0;
    for (int i = 0; i < 1000; i++) {
      wrong += borders.mayHave((long) random.nextInt(1 << 30) * SECTOR) ? 1 : 0;
    }
    assertTrue(wrong < 250, wrong + " of 1000 positions are taken for borders");
  }
}
