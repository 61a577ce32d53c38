package orrery.machine.irq;

/** A controller with its CPUs' lines in view, programmed through its registers. */
final class GicBench {
  final Gic gic;
  final boolean[] asserted;

  /** {@code cpus} CPUs and 96 interrupts; everything enabled but no interrupt. */
  GicBench(int cpus) {
    asserted = new boolean[cpus];
    InterruptLine[] lines = new InterruptLine[cpus];
    for (int cpu = 0; cpu < cpus; cpu++) {
      lines[cpu] = line(cpu);
    }
    gic = new Gic(96, lines);
    distributor(GicRegisters.GICD_CTLR, 3);
    for (int cpu = 0; cpu < cpus; cpu++) {
      gic.running(cpu);
      cpu(GicRegisters.GICC_CTLR, 3);
      cpu(GicRegisters.GICC_PMR, 0xff);
    }
    gic.running(0);
  }

  private InterruptLine line(int cpu) {
    return new InterruptLine() {
      @Override
      public void raise() {
        asserted[cpu] = true;
      }

      @Override
      public void lower() {
        asserted[cpu] = false;
      }
    };
  }

  int distributor(int register) {
    return (int) gic.distributor().read(register, 4);
  }

  void distributor(int register, int value) {
    gic.distributor().write(register, 4, Integer.toUnsignedLong(value));
  }

  int cpu(int register) {
    return (int) gic.cpuInterface().read(register, 4);
  }

  void cpu(int register, int value) {
    gic.cpuInterface().write(register, 4, Integer.toUnsignedLong(value));
  }

  int acknowledge() {
    return cpu(GicRegisters.GICC_IAR);
  }

  void endOfInterrupt(int value) {
    cpu(GicRegisters.GICC_EOIR, value);
  }

  /** Enables an interrupt with a priority, to CPU 0 if it is shared. */
  void enable(int intid, int priority) {
    bit(GicRegisters.GICD_ISENABLER, intid);
    gic.distributor().write(GicRegisters.GICD_IPRIORITYR + intid, 1, priority);
    gic.distributor().write(GicRegisters.GICD_ITARGETSR + intid, 1, 1);
  }

  /** Writes a one for the interrupt to a bitmap register. */
  void bit(int register, int intid) {
    distributor(register + intid / 32 * 4, 1 << intid % 32);
  }

  boolean isSet(int register, int intid) {
    return (distributor(register + intid / 32 * 4) >>> intid % 32 & 1) != 0;
  }

  boolean pending(int intid) {
    return isSet(GicRegisters.GICD_ISPENDR, intid);
  }

  boolean active(int intid) {
    return isSet(GicRegisters.GICD_ISACTIVER, intid);
  }

  void edgeTriggered(int intid) {
    int register = GicRegisters.GICD_ICFGR + intid / 16 * 4;
    distributor(register, distributor(register) | 2 << intid % 16 * 2);
  }
}
