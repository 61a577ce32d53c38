package orrery.kernel.hw;

import orrery.machine.bus.Bus;
import orrery.machine.fdt.DeviceTreeNode;
import orrery.ownership.Census;
import orrery.ownership.Unsafe;

/**
 * Driver of the GICv2. Source: ARM IHI 0048B, chapter 4. Knows shared peripheral interrupts only,
 * all with one priority: those of wires level-sensitive, those of messages edge-triggered.
 */
@Unsafe("the controller is the kernel's for as long as the machine runs: nothing gives it back")
public final class InterruptController {
  /** The device tree's name of what this drives. */
  public static final String COMPATIBLE = "arm,cortex-a15-gic";

  private static final int ENABLE = 1;

  /** GICD_TYPER.ITLinesNumber: blocks of 32 interrupts, less one. */
  private static final int TYPE_BLOCKS = 0x1f;

  /** Interrupts in a word of GICD_ICFGR, and the bit of two that says edge. */
  private static final int PER_CONFIGURATION = 16;

  private static final int EDGE = 2;
  private static final int FIRST_SHARED = 32;
  private static final int INTID_MASK = 0x3ff;

  /** 1020 to 1023 are not interrupts; 1023 says that nothing is pending. */
  private static final int FIRST_SPECIAL = 1020;

  private static final int ALL_PRIORITIES = 0xff;
  private static final int PRIORITY = 0xa0a0a0a0;
  private static final int TARGET_FIRST_CPU = 0x01010101;

  private final IoMem<DistributorRegisters> distributor;
  private final IoMem<CpuInterfaceRegisters> cpuInterface;
  private final Runnable[] handlers;

  /**
   * Takes the controller over: everything disabled, this CPU ready for interrupts.
   *
   * @param node its node of the device tree
   * @throws HardwareException if the node's registers are too few
   */
  public InterruptController(DeviceTreeNode node, Bus bus) {
    Resources own = new Resources(node.name(), Census.ofHandles());
    DeviceTreeNode.Range first = node.reg(0);
    DeviceTreeNode.Range second = node.reg(1);
    // SAFETY: the ranges are this controller's own by the device tree
    distributor = IoMem.map(own, bus, first.address(), first.size(), DistributorRegisters.BLOCK);
    cpuInterface =
        IoMem.map(own, bus, second.address(), second.size(), CpuInterfaceRegisters.BLOCK);
    int blocks = (distributor.read(DistributorRegisters.TYPE) & TYPE_BLOCKS) + 1;
    handlers = new Runnable[blocks * Integer.SIZE];
    distributor.write(DistributorRegisters.CONTROL, 0);
    for (int block = FIRST_SHARED / Integer.SIZE; block < blocks; block++) {
      distributor.clear(DistributorRegisters.ENABLED, block, -1);
    }
    distributor.write(DistributorRegisters.CONTROL, ENABLE);
    cpuInterface.write(CpuInterfaceRegisters.PRIORITY_MASK, ALL_PRIORITIES);
    cpuInterface.write(CpuInterfaceRegisters.CONTROL, ENABLE);
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
    int configuration = intid / PER_CONFIGURATION;
    int bit = EDGE << intid % PER_CONFIGURATION * 2;
    int others = distributor.read(DistributorRegisters.CONFIGURATION, configuration) & ~bit;
    distributor.write(
        DistributorRegisters.CONFIGURATION, configuration, edge ? others | bit : others);
    distributor.write(DistributorRegisters.PRIORITY, intid / Integer.BYTES, PRIORITY);
    distributor.write(DistributorRegisters.TARGETS, intid / Integer.BYTES, TARGET_FIRST_CPU);
    distributor.write(DistributorRegisters.SET_ENABLE, intid / Integer.SIZE, bit(intid));
  }

  /** Disables an interrupt and forgets its handler; what is pending is dropped. */
  public void unregister(int intid) {
    distributor.clear(DistributorRegisters.ENABLED, intid / Integer.SIZE, bit(intid));
    distributor.clear(DistributorRegisters.PENDING, intid / Integer.SIZE, bit(intid));
    handlers[intid] = null;
  }

  /** The place of an interrupt in registers of one bit each. */
  private static int bit(int intid) {
    return 1 << intid % Integer.SIZE;
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
    int acknowledged = cpuInterface.read(CpuInterfaceRegisters.ACKNOWLEDGE);
    while ((acknowledged & INTID_MASK) < FIRST_SPECIAL) {
      int intid = acknowledged & INTID_MASK;
      Runnable handler = intid < handlers.length ? handlers[intid] : null;
      if (handler == null) {
        distributor.clear(DistributorRegisters.ENABLED, intid / Integer.SIZE, bit(intid));
      } else {
        handler.run();
      }
      cpuInterface.write(CpuInterfaceRegisters.END, acknowledged);
      acknowledged = cpuInterface.read(CpuInterfaceRegisters.ACKNOWLEDGE);
    }
  }
}
