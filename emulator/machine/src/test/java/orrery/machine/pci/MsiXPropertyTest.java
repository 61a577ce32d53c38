package orrery.machine.pci;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** MSI-X against a model of enable, masks and pending bits. */
class MsiXPropertyTest {
  private static final long TABLE = PciBench.WINDOW_32;
  private static final long PENDING = PciBench.WINDOW_32 + 0x8000;

  @Property(tries = 500)
  void messagesArriveOnceWhenNothingMasksThem(
      @ForAll @IntRange(min = 1, max = 130) int vectors,
      @ForAll @Size(max = 80) List<Integer> steps) {
    PciBench.Device device =
        new PciBench.Device(
            new PciConfiguration(1, 2, 3, 4)
                .memory32(0, 0x1_0000, new PciBench.Registers(1))
                .msiX(vectors, 0, 0, 0x8000));
    boolean enabled = false;
    boolean masked = false;
    boolean[] vectorMasked = new boolean[vectors];
    boolean[] pending = new boolean[vectors];
    List<Integer> expected = new ArrayList<>();
    try (PciBench bench = new PciBench(device)) {
      bench.put(0x10, 4, TABLE);
      bench.put(4, 2, 6);
      int control = bench.capability(ConfigRegisters.CAPABILITY_MSI_X) + 2;
      for (int i = 0; i < vectors; i++) {
        vectorMasked[i] = true;
        bench.bus.write(TABLE + 16L * i, 4, PciBench.DOORBELL);
        bench.bus.write(TABLE + 16L * i + 8, 4, i);
      }
      for (int step : steps) {
        int vector = (step >>> 8 & 0xffff) % vectors;
        switch (step & 7) {
          case 0, 1, 2 -> {
            device.function.msiX().raise(vector);
            pending[vector] |= enabled;
          }
          case 3, 4 -> {
            vectorMasked[vector] = (step & 0x4000_0000) != 0;
            bench.bus.write(TABLE + 16L * vector + 12, 4, vectorMasked[vector] ? 0xffff_ffffL : 0);
            assertEquals(
                vectorMasked[vector] ? 1 : 0, bench.bus.read(TABLE + 16L * vector + 12, 4));
          }
          case 5 -> {
            masked = (step & 0x4000_0000) != 0;
            bench.put(control, 2, (enabled ? 0x8000 : 0) | (masked ? 0x4000 : 0));
          }
          case 6 -> {
            enabled = (step & 0x4000_0000) != 0;
            bench.put(control, 2, (enabled ? 0x8000 : 0) | (masked ? 0x4000 : 0));
          }
          default -> {
            long bits = bench.bus.read(PENDING + vector / 64 * 8, 8);
            assertEquals(pending[vector] ? 1 : 0, bits >>> vector % 64 & 1);
          }
        }
        for (int i = 0; i < vectors; i++) {
          if (pending[i] && enabled && !masked && !vectorMasked[i]) {
            pending[i] = false;
            expected.add(i);
          }
        }
        assertEquals(expected, bench.messages);
      }
    }
  }
}
