package orrery.machine.pci;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Accesses of any width and value anywhere: nothing may throw, and what is absent stays absent. */
class PciFuzzTest {
  private static final int[] WIDTHS = {1, 2, 4, 8};

  @Test
  void anyAccessIsAnswered() {
    hammer(1, 400_000);
  }

  @Test
  @Tag("slow")
  void anyAccessIsAnsweredForLong() {
    for (int seed = 2; seed < 40; seed++) {
      hammer(seed, 1_000_000);
    }
  }

  private static void hammer(long seed, int accesses) {
    Random random = new Random(seed);
    PciBench.Device[] devices = {device(), device()};
    try (PciBench bench = new PciBench(devices)) {
      for (int i = 0; i < accesses; i++) {
        int width = WIDTHS[random.nextInt(WIDTHS.length)];
        long address =
            switch (random.nextInt(8)) {
              case 0, 1, 2 -> PciBench.config(random.nextInt(2)) + random.nextInt(0x100);
              case 3 -> PciBench.ECAM + random.nextInt(16 << 20);
              case 4 -> PciBench.WINDOW_32 + (random.nextLong() & 0x3_ffff);
              case 5 -> PciBench.WINDOW_64 + (random.nextLong() & 0x3_ffff);
              case 6 -> PciBench.WINDOW_64 + (random.nextLong() & PciBench.WINDOW_64_SIZE - 1);
              default -> PciBench.WINDOW_IO + random.nextInt(0x1_0000);
            };
        address &= -width;
        if (random.nextInt(4) == 0) {
          bench.bus.read(address, width);
        } else {
          bench.bus.write(address, width, value(random));
        }
        if (random.nextInt(64) == 0) {
          // Software that places the BARs where the accesses go.
          long config = PciBench.config(random.nextInt(2));
          bench.bus.write(config + 0x10, 4, PciBench.WINDOW_32 + (random.nextInt() & 0x3_ffff));
          bench.bus.write(config + 0x18, 8, PciBench.WINDOW_64 + (random.nextInt() & 0x3_ffff));
          bench.bus.write(config + 4, 2, 7);
          devices[0].function.msiX().raise(random.nextInt(80));
          devices[1].function.pin(random.nextBoolean());
        }
        assertEquals(0x5678_1234L, bench.bus.read(PciBench.config(1), 4));
      }
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

  private static PciBench.Device device() {
    PciBench.Registers registers = new PciBench.Registers(1);
    return new PciBench.Device(
        new PciConfiguration(0x1234, 0x5678, 0x010802, 7)
            .memory32(0, 0x4000, registers)
            .memory64(2, 0x1_0000, registers)
            .io(4, 32, registers)
            .interruptPin()
            .powerManagement()
            .express()
            .msiX(70, 2, 0x8000, 0x9000));
  }
}
