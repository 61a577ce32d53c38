package orrery.kernel.hw;

/**
 * Driver of the GICv2. Source: ARM IHI 0048B, chapter 4. Knows shared peripheral interrupts only,
 * all with one priority: those of wires level-sensitive, those of messages edge-triggered.
 */
public final class InterruptController {
  /** The device tree's name of what this drives. */
  public static final String COMPATIBLE = "arm,cortex-a15-gic";

  // distributor registers
  private static final int GICD_CTLR = 0x000;
  private static final int GICD_TYPER = 0x004;
  private static final int GICD_ISENABLER = 0x100;
  private static final int GICD_ICENABLER = 0x180;
  private static final int GICD_IPRIORITYR = 0x400;
  private static final int GICD_ITARGETSR = 0x800;
  private static final int GICD_ICPENDR = 0x280;
  private static final int GICD_ICFGR = 0xc00;

  // CPU interface registers
  private static final int GICC_CTLR = 0x00;
  private static final int GICC_PMR = 0x04;
  private static final int GICC_IAR = 0x0c;
  private static final int GICC_EOIR = 0x10;

  private static final int ENABLE = 1;
  private static final int FIRST_SHARED = 32;
  private static final int INTID_MASK = 0x3ff;

  /** 1020 to 1023 are not interrupts; 1023 says that nothing is pending. */
  private static final int FIRST_SPECIAL = 1020;

  private static final int ALL_PRIORITIES = 0xff;
  private static final int PRIORITY = 0xa0a0a0a0;
  private static final int TARGET_FIRST_CPU = 0x01010101;

  private final RawRegisters distributor;
  private final RawRegisters cpuInterface;
  private final Runnable[] handlers;

  /** Takes the controller over: everything disabled, this CPU ready for interrupts. */
  public InterruptController(RawRegisters distributor, RawRegisters cpuInterface) {
    this.distributor = distributor;
    this.cpuInterface = cpuInterface;
    int blocks = (distributor.read32(GICD_TYPER) & 0x1f) + 1;
    handlers = new Runnable[blocks * 32];
    distributor.write32(GICD_CTLR, 0);
    for (int intid = FIRST_SHARED; intid < handlers.length; intid += 32) {
      distributor.write32(GICD_ICENABLER + intid / 8, -1);
    }
    distributor.write32(GICD_CTLR, ENABLE);
    cpuInterface.write32(GICC_PMR, ALL_PRIORITIES);
    cpuInterface.write32(GICC_CTLR, ENABLE);
  }

  /**
   * Enables an interrupt.
   *
   * @param intid 32 or more
   * @param handler called on the vCPU's thread, must quiet its device
   */
  public void register(int intid, Runnable handler) {
    register(intid, false, handler);
  }

  /**
   * Enables an interrupt.
   *
   * @param intid 32 or more
   * @param edge whether an edge raises it, as a message does, or a level
   * @param handler called on the vCPU's thread; for a level it must quiet its device
   */
  public void register(int intid, boolean edge, Runnable handler) {
    if (intid < FIRST_SHARED || intid >= handlers.length) {
      throw new IllegalArgumentException("the interrupt controller has no interrupt " + intid);
    }
    handlers[intid] = handler;
    int configuration = GICD_ICFGR + intid / 16 * 4;
    int bit = 2 << intid % 16 * 2;
    int others = distributor.read32(configuration) & ~bit;
    distributor.write32(configuration, edge ? others | bit : others);
    int word = intid & ~3;
    distributor.write32(GICD_IPRIORITYR + word, PRIORITY);
    distributor.write32(GICD_ITARGETSR + word, TARGET_FIRST_CPU);
    distributor.write32(GICD_ISENABLER + intid / 32 * 4, 1 << intid % 32);
  }

  /** Disables an interrupt and forgets its handler; what is pending is dropped. */
  public void unregister(int intid) {
    distributor.write32(GICD_ICENABLER + intid / 32 * 4, 1 << intid % 32);
    distributor.write32(GICD_ICPENDR + intid / 32 * 4, 1 << intid % 32);
    handlers[intid] = null;
  }

  /** The INTID that a device tree's {@code interrupts} cells name: type, number, flags. */
  public static int intid(int[] cells) {
    if (cells.length < 3 || cells[0] != 0) {
      throw new IllegalArgumentException("not a shared peripheral interrupt");
    }
    return FIRST_SHARED + cells[1];
  }

  /** Handles every interrupt that is pending; allocates nothing. */
  public void dispatch() {
    int acknowledged = cpuInterface.read32(GICC_IAR);
    while ((acknowledged & INTID_MASK) < FIRST_SPECIAL) {
      int intid = acknowledged & INTID_MASK;
      Runnable handler = intid < handlers.length ? handlers[intid] : null;
      if (handler == null) {
        distributor.write32(GICD_ICENABLER + intid / 32 * 4, 1 << intid % 32);
      } else {
        handler.run();
      }
      cpuInterface.write32(GICC_EOIR, acknowledged);
      acknowledged = cpuInterface.read32(GICC_IAR);
    }
  }
}
