package orrery.machine.irq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static orrery.machine.irq.GicRegisters.*;

import org.junit.jupiter.api.Test;
import orrery.machine.bus.BusFault;

/** The controller's behaviour by the chapters of Arm IHI 0048B.b. */
class GicTest {
  private static final int UART = 33;
  private static final int DISK = 40;
  private static final int TIMER = 27;

  private final GicBench bench = new GicBench(1);

  @Test
  void deliversALevelInterruptFromLineToEnd() {
    bench.enable(UART, 0xa0);
    InterruptLine line = bench.gic.line(UART);
    assertFalse(bench.asserted[0]);
    line.raise();
    assertTrue(bench.asserted[0]);
    assertTrue(bench.pending(UART));
    assertEquals(UART, bench.cpu(GICC_HPPIR));
    assertEquals(UART, bench.acknowledge());
    assertFalse(bench.asserted[0], "it is active: not signalled again");
    assertTrue(bench.active(UART));
    assertTrue(bench.pending(UART), "active and pending while the line is asserted");
    assertEquals(0xa0, bench.cpu(GICC_RPR));
    line.lower();
    assertFalse(bench.pending(UART));
    bench.endOfInterrupt(UART);
    assertFalse(bench.active(UART));
    assertEquals(0xff, bench.cpu(GICC_RPR));
    assertFalse(bench.asserted[0]);
  }

  @Test
  void signalsALevelInterruptAgainIfItIsStillAssertedAtTheEnd() {
    bench.enable(UART, 0xa0);
    bench.gic.line(UART).raise();
    bench.endOfInterrupt(bench.acknowledge());
    assertTrue(bench.asserted[0]);
    assertEquals(UART, bench.acknowledge());
  }

  @Test
  void latchesAnEdge() {
    bench.enable(UART, 0xa0);
    bench.edgeTriggered(UART);
    bench.gic.line(UART).raise();
    bench.gic.line(UART).lower();
    assertTrue(bench.pending(UART));
    assertEquals(UART, bench.acknowledge());
    assertFalse(bench.pending(UART));
    bench.gic.line(UART).raise();
    assertTrue(bench.pending(UART), "a second edge while active");
    bench.endOfInterrupt(UART);
    assertTrue(bench.asserted[0]);
    bench.endOfInterrupt(bench.acknowledge());
    assertFalse(bench.asserted[0], "the level of an edge-triggered interrupt counts for nothing");
  }

  @Test
  void answersSpuriousWhenNothingIsPending() {
    assertEquals(1023, bench.acknowledge());
    assertEquals(1023, bench.cpu(GICC_HPPIR));
    bench.endOfInterrupt(1023);
    bench.enable(UART, 0xa0);
    bench.gic.line(UART).raise();
    bench.gic.line(UART).lower();
    assertFalse(bench.asserted[0]);
    assertEquals(1023, bench.acknowledge());
  }

  @Test
  void holdsBackWhatIsDisabledAnywhere() {
    bench.gic.line(UART).raise();
    assertFalse(bench.asserted[0], "not enabled");
    assertTrue(bench.pending(UART));
    bench.enable(UART, 0xa0);
    assertTrue(bench.asserted[0]);
    bench.distributor(GICD_CTLR, 0);
    assertFalse(bench.asserted[0], "not forwarded");
    assertEquals(1023, bench.cpu(GICC_HPPIR));
    bench.distributor(GICD_CTLR, 1);
    bench.cpu(GICC_CTLR, 0);
    assertFalse(bench.asserted[0], "not signalled");
    assertEquals(UART, bench.cpu(GICC_HPPIR), "but pending in the CPU interface");
    bench.cpu(GICC_CTLR, 1);
    assertTrue(bench.asserted[0]);
    bench.bit(GICD_ICENABLER, UART);
    assertFalse(bench.asserted[0]);
    assertFalse(bench.isSet(GICD_ISENABLER, UART));
  }

  @Test
  void masksByPriority() {
    bench.enable(UART, 0xa0);
    bench.gic.line(UART).raise();
    bench.cpu(GICC_PMR, 0xa0);
    assertFalse(bench.asserted[0], "only priorities above the mask");
    assertEquals(1023, bench.acknowledge());
    bench.cpu(GICC_PMR, 0xa8);
    assertTrue(bench.asserted[0]);
  }

  @Test
  void implementsFiveBitsOfPriority() {
    bench.gic.distributor().write(GICD_IPRIORITYR + UART, 1, 0xff);
    assertEquals(0xf8, bench.gic.distributor().read(GICD_IPRIORITYR + UART, 1));
    assertEquals(0xf8 << 8, bench.distributor(GICD_IPRIORITYR + UART - 1));
    bench.cpu(GICC_PMR, 0xff);
    assertEquals(0xf8, bench.cpu(GICC_PMR));
  }

  @Test
  void choosesTheMoreUrgentThenTheLowerNumber() {
    bench.enable(UART, 0xa0);
    bench.enable(DISK, 0x80);
    bench.enable(41, 0x80);
    bench.gic.line(UART).raise();
    bench.gic.line(41).raise();
    bench.gic.line(DISK).raise();
    assertEquals(DISK, bench.acknowledge());
    assertEquals(1023, bench.acknowledge(), "none preempts an equal priority");
    bench.gic.line(DISK).lower();
    bench.endOfInterrupt(DISK);
    assertEquals(41, bench.acknowledge());
  }

  @Test
  void preemptsAndReturnsToWhatWasPreempted() {
    bench.enable(UART, 0xa0);
    bench.enable(DISK, 0x40);
    bench.gic.line(UART).raise();
    assertEquals(UART, bench.acknowledge());
    bench.gic.line(DISK).raise();
    assertTrue(bench.asserted[0]);
    assertEquals(DISK, bench.acknowledge());
    assertEquals(0x40, bench.cpu(GICC_RPR));
    assertEquals(1 << 0x40 / 8 | 1 << 0xa0 / 8, bench.cpu(GICC_APR));
    bench.gic.line(DISK).lower();
    bench.endOfInterrupt(DISK);
    assertEquals(0xa0, bench.cpu(GICC_RPR));
    assertTrue(bench.active(UART));
    assertFalse(bench.active(DISK));
  }

  @Test
  void doesNotPreemptWithinOneGroupPriority() {
    bench.cpu(GICC_BPR, 5); // group priority is bits 7:6
    bench.enable(UART, 0x68);
    bench.enable(DISK, 0x40);
    bench.gic.line(UART).raise();
    assertEquals(UART, bench.acknowledge());
    assertEquals(0x40, bench.cpu(GICC_RPR));
    bench.gic.line(DISK).raise();
    assertFalse(bench.asserted[0]);
    bench.endOfInterrupt(UART);
    assertEquals(DISK, bench.acknowledge(), "subpriorities decide what comes first");
  }

  @Test
  void binaryPointHasAMinimum() {
    bench.cpu(GICC_BPR, 0);
    assertEquals(2, bench.cpu(GICC_BPR));
    bench.cpu(GICC_ABPR, 0);
    assertEquals(3, bench.cpu(GICC_ABPR));
  }

  @Test
  void splitsPriorityDropAndDeactivation() {
    bench.cpu(GICC_CTLR, 1 | CTLR_EOI_MODE);
    bench.enable(UART, 0xa0);
    bench.enable(DISK, 0xa0);
    bench.gic.line(UART).raise();
    assertEquals(UART, bench.acknowledge());
    bench.endOfInterrupt(UART);
    assertEquals(0xff, bench.cpu(GICC_RPR));
    assertTrue(bench.active(UART));
    assertFalse(bench.asserted[0], "active although its line is asserted");
    bench.gic.line(DISK).raise();
    assertTrue(bench.asserted[0], "others come through");
    bench.cpu(GICC_DIR, UART);
    assertFalse(bench.active(UART));
    assertEquals(UART, bench.acknowledge());
  }

  @Test
  void softwareSetsAndClearsPending() {
    bench.enable(UART, 0xa0);
    bench.bit(GICD_ISPENDR, UART);
    assertTrue(bench.asserted[0]);
    bench.bit(GICD_ICPENDR, UART);
    assertFalse(bench.asserted[0]);
    bench.gic.line(UART).raise();
    bench.bit(GICD_ICPENDR, UART);
    assertTrue(bench.asserted[0], "an asserted line stays pending");
  }

  @Test
  void softwareSetsAndClearsActive() {
    bench.enable(UART, 0xa0);
    bench.bit(GICD_ISACTIVER, UART);
    bench.gic.line(UART).raise();
    assertFalse(bench.asserted[0]);
    bench.bit(GICD_ICACTIVER, UART);
    assertTrue(bench.asserted[0]);
  }

  @Test
  void deliversPrivatePeripheralInterrupts() {
    bench.enable(TIMER, 0xa0);
    bench.gic.privateLine(0, TIMER).raise();
    assertEquals(TIMER, bench.acknowledge());
    bench.gic.privateLine(0, TIMER).lower();
    bench.endOfInterrupt(TIMER);
    assertFalse(bench.asserted[0]);
  }

  @Test
  void sendsSoftwareGeneratedInterruptsToItself() {
    bench.distributor(GICD_SGIR, 2 << 24 | 5);
    assertTrue(bench.asserted[0]);
    assertTrue(bench.pending(5));
    assertEquals(5, bench.acknowledge());
    assertFalse(bench.pending(5));
    bench.endOfInterrupt(5);
    bench.distributor(GICD_SGIR, 1 << 24 | 5);
    assertFalse(bench.asserted[0], "there are no others");
  }

  @Test
  void keepsSgisOfEachSourceApart() {
    GicBench two = new GicBench(2);
    two.gic.running(1);
    two.distributor(GICD_SGIR, 1 << 16 | 3);
    two.gic.running(0);
    two.distributor(GICD_SGIR, 1 << 16 | 3);
    assertTrue(two.asserted[0]);
    assertFalse(two.asserted[1]);
    assertEquals(3, two.gic.distributor().read(GICD_SPENDSGIR + 3, 1));
    assertEquals(3, two.acknowledge(), "from CPU 0");
    two.endOfInterrupt(3);
    assertEquals(1 << 10 | 3, two.acknowledge(), "from CPU 1");
    two.endOfInterrupt(1 << 10 | 3);
    assertEquals(1023, two.acknowledge());
  }

  @Test
  void setsAndClearsPendingSgisBySource() {
    GicBench two = new GicBench(2);
    two.gic.distributor().write(GICD_SPENDSGIR + 4, 1, 2);
    assertEquals(1 << 10 | 4, two.cpu(GICC_HPPIR));
    two.gic.distributor().write(GICD_CPENDSGIR + 4, 1, 2);
    assertEquals(1023, two.cpu(GICC_HPPIR));
    two.bit(GICD_ISPENDR, 4);
    assertFalse(two.pending(4), "not by the register for the others");
  }

  @Test
  void banksPrivateInterruptsAndRoutesSharedOnes() {
    GicBench two = new GicBench(2);
    two.enable(TIMER, 0xa0);
    two.gic.privateLine(1, TIMER).raise();
    assertFalse(two.asserted[0]);
    assertFalse(two.asserted[1], "enabled for CPU 0 only");
    two.gic.running(1);
    two.enable(TIMER, 0xa0);
    assertTrue(two.asserted[1]);
    assertEquals(2, two.gic.distributor().read(GICD_ITARGETSR, 1), "CPU 1 reads its own bit");
    two.gic.running(0);
    two.enable(UART, 0x80);
    two.gic.distributor().write(GICD_ITARGETSR + UART, 1, 2);
    two.gic.line(UART).raise();
    assertFalse(two.asserted[0]);
    two.gic.running(1);
    assertEquals(UART, two.acknowledge());
  }

  @Test
  void sendsSgisToAllOthers() {
    GicBench three = new GicBench(3);
    three.gic.running(1);
    three.distributor(GICD_SGIR, 1 << 24);
    assertTrue(three.asserted[0]);
    assertFalse(three.asserted[1]);
    assertTrue(three.asserted[2]);
  }

  @Test
  void keepsGroupsApart() {
    bench.enable(UART, 0xa0);
    bench.distributor(GICD_IGROUPR + 4, 1 << UART - 32);
    bench.gic.line(UART).raise();
    assertTrue(bench.asserted[0]);
    assertEquals(1022, bench.acknowledge(), "group 1 is acknowledged by AIAR");
    assertEquals(1022, bench.cpu(GICC_HPPIR));
    assertEquals(UART, bench.cpu(GICC_AHPPIR));
    assertEquals(UART, bench.cpu(GICC_AIAR));
    assertEquals(1 << 0xa0 / 8, bench.cpu(GICC_NSAPR));
    bench.gic.line(UART).lower();
    bench.cpu(GICC_AEOIR, UART);
    assertFalse(bench.active(UART));
    bench.cpu(GICC_CTLR, 3 | CTLR_ACK_CTL);
    bench.gic.line(UART).raise();
    assertEquals(UART, bench.acknowledge(), "AckCtl lets IAR acknowledge it");
  }

  @Test
  void enablesGroupsSeparately() {
    bench.enable(UART, 0xa0);
    bench.distributor(GICD_IGROUPR + 4, 1 << UART - 32);
    bench.gic.line(UART).raise();
    bench.cpu(GICC_CTLR, 1);
    assertFalse(bench.asserted[0]);
    bench.cpu(GICC_CTLR, 2);
    assertTrue(bench.asserted[0]);
    bench.distributor(GICD_CTLR, 1);
    assertFalse(bench.asserted[0]);
  }

  @Test
  void sgisCannotBeDisabledNorReconfigured() {
    bench.distributor(GICD_ICENABLER, -1);
    bench.distributor(GICD_ICFGR, 0);
    assertEquals(0xffff, bench.distributor(GICD_ISENABLER));
    assertEquals(0xaaaaaaaa, bench.distributor(GICD_ICFGR));
  }

  @Test
  void identifiesItself() {
    assertEquals(2, bench.distributor(GICD_TYPER), "96 interrupts, one CPU");
    assertEquals(2 | 3 << 5, new GicBench(4).distributor(GICD_TYPER));
    assertEquals(0x43b, bench.distributor(GICD_IIDR) & 0xfff);
    assertEquals(2, bench.distributor(GICD_ICPIDR2) >>> 4);
    assertEquals(2, bench.cpu(GICC_IIDR) >>> 16 & 0xf);
  }

  @Test
  void bytesGoOnlyWhereTheSpecificationTakesThem() {
    assertThrows(BusFault.class, () -> bench.gic.distributor().read(GICD_ISENABLER, 1));
    assertThrows(BusFault.class, () -> bench.gic.distributor().write(GICD_CTLR, 1, 1));
    assertEquals(4, bench.gic.cpuInterface().widths());
  }

  @Test
  void rejectsLinesThatAreNotThere() {
    assertThrows(IllegalArgumentException.class, () -> bench.gic.line(31));
    assertThrows(IllegalArgumentException.class, () -> bench.gic.line(96));
    assertThrows(IllegalArgumentException.class, () -> bench.gic.privateLine(0, 15));
    assertThrows(IllegalArgumentException.class, () -> bench.gic.privateLine(1, 16));
    assertThrows(IllegalArgumentException.class, () -> new Gic(100, bench.gic.line(32)));
    assertThrows(IllegalArgumentException.class, () -> new Gic(64));
  }
}
