package orrery.machine.irq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class GicV2mTest {
  private static final int FIRST = 32 + 48;

  private final Gic gic =
      new Gic(
          288,
          new InterruptLine() {
            @Override
            public void raise() {}

            @Override
            public void lower() {}
          });
  private final GicV2m frame = new GicV2m(gic, 48, 64);

  private void configure(int intid, boolean edge) {
    gic.distributor().write(GicRegisters.GICD_CTLR, 4, 1);
    gic.cpuInterface().write(GicRegisters.GICC_CTLR, 4, 1);
    gic.cpuInterface().write(GicRegisters.GICC_PMR, 4, 0xff);
    int word = intid / 32 * 4;
    gic.distributor().write(GicRegisters.GICD_ISENABLER + word, 4, 1L << intid % 32);
    int shift = intid % 16 * 2;
    gic.distributor().write(GicRegisters.GICD_ICFGR + intid / 16 * 4, 4, edge ? 2L << shift : 0);
  }

  private long acknowledge() {
    return gic.cpuInterface().read(GicRegisters.GICC_IAR, 4);
  }

  @Test
  void saysWhichInterruptsItHas() {
    assertEquals(80L << 16 | 64, frame.read(0x008, 4));
    assertEquals(0, frame.read(0x040, 4));
    assertEquals(0x43b, frame.read(0xfcc, 4));
  }

  @Test
  void aMessageIsOneEdgeOfItsInterrupt() {
    configure(FIRST + 5, true);
    frame.write(GicV2m.MSI_SETSPI_NS, 4, FIRST + 5);
    assertEquals(FIRST + 5, acknowledge());
    assertEquals(GicRegisters.INTID_SPURIOUS, acknowledge());
    // While it is active a second edge latches, and is taken after the end of the first.
    frame.write(GicV2m.MSI_SETSPI_NS, 2, FIRST + 5);
    gic.cpuInterface().write(GicRegisters.GICC_EOIR, 4, FIRST + 5);
    assertEquals(FIRST + 5, acknowledge());
  }

  @Test
  void interruptsOfOthersAndLevelSensitiveOnesAreNotTouched() {
    configure(FIRST - 1, true);
    frame.write(GicV2m.MSI_SETSPI_NS, 4, FIRST - 1);
    configure(FIRST + 64, true);
    frame.write(GicV2m.MSI_SETSPI_NS, 4, FIRST + 64);
    configure(FIRST + 1, false);
    frame.write(GicV2m.MSI_SETSPI_NS, 4, FIRST + 1);
    frame.write(0, 4, FIRST + 1);
    assertEquals(GicRegisters.INTID_SPURIOUS, acknowledge());
  }

  @Test
  void aControllerWithoutTheInterruptsIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new GicV2m(gic, 200, 100));
  }
}
