package orrery.machine.pci;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** BARs against a model that looks through all of them at every access. */
class BarPropertyTest {
  /** The model of one BAR: size, address bits and identity. */
  private record Model(int function, int index, long size, int identity) {}

  /**
   * Three functions with BARs of many sizes are moved about a small range, so that they overlap.
   */
  @Property(tries = 300)
  void theSmallestBarAtAnAddressAnswers(
      @ForAll @Size(6) List<@IntRange(min = 4, max = 14) Integer> sizes,
      @ForAll @Size(max = 40) List<Long> steps) {
    List<Model> models = new ArrayList<>();
    PciBench.Device[] devices = new PciBench.Device[3];
    for (int f = 0; f < devices.length; f++) {
      PciConfiguration configuration = new PciConfiguration(1, f, 0, 0);
      for (int i = 0; i < 2; i++) {
        long size = 1L << sizes.get(2 * f + i);
        int identity = 2 * f + i + 1;
        PciBench.Registers registers = new PciBench.Registers(identity);
        if (i == 0) {
          configuration.memory32(0, size, registers);
        } else {
          configuration.prefetchable64(2, size, registers);
        }
        models.add(new Model(f, 2 * i, size, identity));
      }
      devices[f] = new PciBench.Device(configuration);
    }
    long[] address = new long[models.size()];
    boolean[] enabled = new boolean[devices.length];
    try (PciBench bench = new PciBench(devices)) {
      for (long step : steps) {
        int which = (int) (step >>> 8 & 0xff) % models.size();
        Model model = models.get(which);
        long config = PciBench.config(model.function);
        long random = step >>> 16 & 0x7fff;
        switch ((int) (step & 3)) {
          case 0 -> {
            long wanted = PciBench.WINDOW_32 + random;
            int register = 0x10 + 4 * model.index;
            bench.bus.write(config + register, 4, wanted);
            if (model.index == 2) {
              bench.bus.write(config + register + 4, 4, 0);
            }
            address[which] = wanted & -model.size;
            int flags = model.index == 2 ? 0xc : 0;
            assertEquals(address[which] | flags, bench.bus.read(config + register, 4));
          }
          case 1 -> {
            enabled[model.function] = (random & 1) == 0;
            bench.bus.write(config + 4, 2, enabled[model.function] ? 2 : 0);
          }
          default -> {
            long at = PciBench.WINDOW_32 + (random & -4);
            assertEquals(expected(models, address, enabled, at), bench.bus.read(at, 4));
          }
        }
      }
    }
  }

  private static long expected(
      List<Model> models, long[] address, boolean[] enabled, long accessed) {
    Model best = null;
    long offset = 0;
    for (int i = 0; i < models.size(); i++) {
      Model model = models.get(i);
      long distance = accessed - address[i];
      if (enabled[model.function]
          && distance >= 0
          && distance < model.size
          && (best == null || model.size < best.size)) {
        best = model;
        offset = distance;
      }
    }
    return best == null ? 0xffff_ffffL : (long) best.identity << 16 | offset;
  }
}
