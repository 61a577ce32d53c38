package orrery.device.virtio;

import static orrery.device.virtio.VirtioRegisters.*;

import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import orrery.device.console.HostConsole;
import orrery.device.uart.CapturedLine;

/** Registers and rings full of nonsense: no device may throw, or take long over it. */
class VirtioFuzzTest {
  private static final int[] WIDTHS = {1, 2, 4, 8};
  private static final int QUEUE_SIZE = 8;

  @Test
  void nonsenseIsAnswered() {
    for (int seed = 1; seed <= 6; seed++) {
      hammer(seed, 30_000);
    }
  }

  @Test
  @Tag("slow")
  void nonsenseIsAnsweredForLong() {
    for (int seed = 100; seed < 300; seed++) {
      hammer(seed, 60_000);
    }
  }

  private static void hammer(long seed, int steps) {
    Random random = new Random(seed);
    CapturedLine line = new CapturedLine();
    HostConsole terminal = new HostConsole();
    try (Driver driver = new Driver()) {
      VirtioDevice device =
          switch ((int) (seed % 3)) {
            case 0 -> new CopyDevice();
            case 1 -> new VirtioRng(new Random(seed));
            default -> new VirtioConsole(line, terminal, driver);
          };
      driver.plug(new VirtioFunction(device));
      Driver.Ring ring = null;
      for (int i = 0; i < steps; i++) {
        int width = WIDTHS[random.nextInt(WIDTHS.length)];
        switch (random.nextInt(12)) {
          case 0 -> driver.common(random.nextInt(0x40) & -width, width, value(random));
          case 1 -> driver.common(random.nextInt(0x40) & -width, width);
          case 2 -> driver.bus.write(bar(random, width), width, value(random));
          case 3 -> driver.bus.read(bar(random, width), width);
          case 4 -> {
            int at = driver.accessCapability;
            driver.config(at + 8, 4, random.nextInt(0x9000));
            driver.config(at + 12, 4, 1 << random.nextInt(4));
            driver.config(at + 16, 4, value(random));
            driver.config(at + 16, 4);
          }
          case 5 -> {
            driver.config(0x10, 4, 0x1000_0000L);
            driver.config(4, 2, 6);
            driver.negotiate(F_VERSION_1 | driver.features() & random.nextLong());
            ring = driver.ring(0, QUEUE_SIZE);
            driver.ring(1, QUEUE_SIZE);
            driver.ready();
          }
          case 6, 7, 8, 9 -> {
            if (ring != null) {
              nonsense(driver, ring, random);
            }
            driver.bus.write(0x1000_3000L, 2, 0);
            driver.bus.write(0x1000_3004L, 2, 1);
          }
          case 10 -> {
            line.arrive("some input");
            line.setRoom(random.nextInt(100));
            terminal.resize(random.nextInt(100), 24);
          }
          default -> driver.calls.run();
        }
      }
    }
  }

  private static long bar(Random random, int width) {
    return 0x1000_0000L + (random.nextInt(0x8000) & -width);
  }

  private static void nonsense(Driver driver, Driver.Ring ring, Random random) {
    for (int i = 0; i < QUEUE_SIZE; i++) {
      long address =
          random.nextInt(40) == 0
              ? random.nextLong()
              : Driver.RAM + (random.nextInt((int) Driver.RAM_SIZE) & -16);
      int length = random.nextInt(40) == 0 ? random.nextInt() : 16 * random.nextInt(40);
      int flags = random.nextInt(40) == 0 ? random.nextInt() : random.nextInt(4);
      if (random.nextInt(20) == 0) {
        flags = DESC_F_INDIRECT;
      }
      ring.descriptor(i, address, length, flags, random.nextInt(QUEUE_SIZE + 1));
    }
    ring.usedEvent(random.nextInt());
    ring.flags(random.nextInt(2));
    ring.offer(random.nextInt(40) == 0 ? random.nextInt() : random.nextInt(QUEUE_SIZE));
    if (random.nextInt(40) == 0) {
      ring.availableIndex(random.nextInt());
    }
  }

  private static long value(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> -1;
      case 1 -> 0;
      case 2 -> 1L << random.nextInt(64);
      default -> random.nextLong();
    };
  }
}
