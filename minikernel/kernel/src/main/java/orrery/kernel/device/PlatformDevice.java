package orrery.kernel.device;

import orrery.kernel.hw.HardwareException;
import orrery.kernel.hw.InterruptController;
import orrery.kernel.hw.IoMem;
import orrery.kernel.hw.RegisterBlock;
import orrery.machine.dma.DmaWindows;
import orrery.machine.fdt.DeviceTreeException;
import orrery.machine.fdt.DeviceTreeNode;
import orrery.ownership.Owned;
import orrery.ownership.Unsafe;

/** A device of the device tree while its driver is being bound. */
@Owned
@Unsafe("maps registers that the device's own node names")
public final class PlatformDevice extends Device {
  private static final int CELLS_PER_INTERRUPT = 3;

  private final DeviceTreeNode node;

  PlatformDevice(
      Binding binding, DriverServices services, DeviceManager manager, DeviceTreeNode node) {
    super(binding, services, manager);
    this.node = node;
  }

  /**
   * One number of its node.
   *
   * @throws HardwareException if there is no such property
   */
  public int property(String property) {
    try {
      return node.u32(property);
    } catch (DeviceTreeException e) {
      throw new HardwareException(e.getMessage());
    }
  }

  /**
   * Maps registers.
   *
   * @param index which range of {@code reg}
   * @throws HardwareException if the device has less there than the block needs
   */
  public <B> IoMem<B> map(int index, RegisterBlock<B> block) {
    DeviceTreeNode.Range range;
    try {
      range = node.reg(index);
    } catch (DeviceTreeException e) {
      throw new HardwareException(e.getMessage());
    }
    // SAFETY: the device tree gives this range to this device
    return IoMem.map(binding().resources(), services().bus(), range.address(), range.size(), block);
  }

  @Override
  public Interrupts interrupts(int count) {
    int[] cells = node.has("interrupts") ? node.cells("interrupts") : new int[0];
    if (count <= 0 || cells.length < count * CELLS_PER_INTERRUPT) {
      throw new HardwareException(
          name()
              + " has "
              + cells.length / CELLS_PER_INTERRUPT
              + " interrupts where "
              + count
              + " are needed");
    }
    InterruptController controller = services().interrupts();
    int[] intids = new int[count];
    for (int i = 0; i < count; i++) {
      int vector = i;
      Binding target = binding();
      int at = i * CELLS_PER_INTERRUPT;
      intids[i] = InterruptController.intid(new int[] {cells[at], cells[at + 1], cells[at + 2]});
      controller.register(intids[i], () -> target.interrupt(vector));
    }
    return new Interrupts(
        binding(),
        count,
        () -> {}, // all of it is set up in the interrupt controller
        () -> {
          for (int intid : intids) {
            controller.unregister(intid);
          }
        });
  }

  @Override
  String place() {
    return "platform/" + node.name();
  }

  /** No platform device of the machine masters the bus: it is lent nothing. */
  @Override
  DmaWindows windows() {
    throw new HardwareException(name() + " cannot use DMA");
  }
}
