package orrery.kernel.hw.pci;

import java.util.BitSet;
import orrery.kernel.hw.HardwareException;
import orrery.kernel.hw.InterruptController;
import orrery.kernel.hw.IoMem;
import orrery.kernel.hw.Resources;
import orrery.machine.bus.Bus;
import orrery.machine.fdt.DeviceTreeNode;
import orrery.ownership.Census;
import orrery.ownership.Unsafe;

/**
 * Driver of a GICv2m frame: turns messages into shared peripheral interrupts. Source: Arm Server
 * Base System Architecture, appendix "GICv2m Architecture".
 */
public final class MessageFrame {
  /** The device tree's name of what this drives. */
  public static final String COMPATIBLE = "arm,gic-v2m-frame";

  private static final int TYPER_BASE_SHIFT = 16;
  private static final int INTID_MASK = 0x3ff;

  private final InterruptController controller;
  private final long doorbell;
  private final int first;
  private final int count;
  private final BitSet used = new BitSet();

  /** A frame of {@code controller}. */
  @Unsafe("the frame is driven here and nowhere else")
  public MessageFrame(DeviceTreeNode node, Bus bus, InterruptController controller) {
    this.controller = controller;
    DeviceTreeNode.Range range = node.reg(0);
    Resources own = new Resources(node.name(), Census.ofHandles());
    // SAFETY: the range is the frame's own by the device tree
    IoMem<FrameRegisters> registers =
        IoMem.map(own, bus, range.address(), range.size(), FrameRegisters.BLOCK);
    int type = registers.read(FrameRegisters.TYPE);
    registers.close();
    doorbell = range.address() + FrameRegisters.DOORBELL;
    first = type >>> TYPER_BASE_SHIFT & INTID_MASK;
    count = type & INTID_MASK;
  }

  /** Where messages are written to. */
  public long doorbell() {
    return doorbell;
  }

  /**
   * Takes an interrupt and enables it.
   *
   * @return its number, which is also the message's data
   * @throws HardwareException if there is none left
   */
  public int allocate(Runnable handler) {
    int index = used.nextClearBit(0);
    if (index >= count) {
      throw new HardwareException("there is no interrupt left for messages");
    }
    used.set(index);
    controller.register(first + index, true, handler);
    return first + index;
  }

  /** Disables an interrupt and gives it back. */
  public void release(int intid) {
    controller.unregister(intid);
    used.clear(intid - first);
  }
}
