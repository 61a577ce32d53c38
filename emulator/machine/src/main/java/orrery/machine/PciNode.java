package orrery.machine;

import orrery.machine.fdt.DeviceTreeBuilder;

/**
 * The PCI host's node in the device tree (IEEE 1275 PCI bus binding 2.1; Linux's binding
 * host-generic-pci): addresses of children are three cells, the first saying which space.
 */
final class PciNode {
  // The first cell of a child's address: space, and device number (binding, section 2.2.1.1).
  private static final int SPACE_IO = 0x0100_0000;
  private static final int SPACE_MEMORY_32 = 0x0200_0000;
  private static final int SPACE_MEMORY_64 = 0x0300_0000;
  private static final int DEVICE_SHIFT = 11;

  private static final int BUSES = (int) (MemoryMap.PCI_ECAM_SIZE >>> 20);

  /** Wires repeat after four devices. */
  private static final int PINS = 4;

  private static final int PIN_MASK = 7;
  private static final int SPI = 0;
  private static final int LEVEL_HIGH = 4;

  private PciNode() {}

  /**
   * Writes the node.
   *
   * @param controller phandle of the interrupt controller, whose children's addresses take two
   *     cells
   * @param messages phandle of the controller for messages
   * @param firstWire the SPI of INTA of device 0
   */
  static void write(DeviceTreeBuilder tree, int controller, int messages, int firstWire) {
    tree.beginNode("pcie@" + Long.toHexString(MemoryMap.PCI_ECAM))
        .string("compatible", "pci-host-ecam-generic")
        .string("device_type", "pci")
        .cells("#address-cells", 3)
        .cells("#size-cells", 2)
        .cells("#interrupt-cells", 1)
        .longs("reg", MemoryMap.PCI_ECAM, MemoryMap.PCI_ECAM_SIZE)
        .cells("bus-range", 0, BUSES - 1)
        .cells("linux,pci-domain", 0)
        .flag("dma-coherent")
        .cells("msi-parent", messages)
        .cells("ranges", ranges())
        .cells("interrupt-map-mask", PINS - 1 << DEVICE_SHIFT, 0, 0, PIN_MASK)
        .cells("interrupt-map", interruptMap(controller, firstWire))
        .endNode();
  }

  private static int[] ranges() {
    int[] io = range(SPACE_IO, 0, MemoryMap.PCI_IO, MemoryMap.PCI_IO_SIZE);
    int[] memory32 =
        range(
            SPACE_MEMORY_32,
            MemoryMap.PCI_MEMORY_32,
            MemoryMap.PCI_MEMORY_32,
            MemoryMap.PCI_MEMORY_32_SIZE);
    int[] memory64 =
        range(
            SPACE_MEMORY_64,
            MemoryMap.PCI_MEMORY_64,
            MemoryMap.PCI_MEMORY_64,
            MemoryMap.PCI_MEMORY_64_SIZE);
    int[] all = new int[io.length + memory32.length + memory64.length];
    System.arraycopy(io, 0, all, 0, io.length);
    System.arraycopy(memory32, 0, all, io.length, memory32.length);
    System.arraycopy(memory64, 0, all, io.length + memory32.length, memory64.length);
    return all;
  }

  private static int[] range(int space, long child, long parent, long size) {
    return new int[] {
      space, high(child), (int) child, high(parent), (int) parent, high(size), (int) size
    };
  }

  private static int high(long value) {
    return (int) (value >>> Integer.SIZE);
  }

  private static int[] interruptMap(int controller, int firstWire) {
    int cells = 10;
    int[] map = new int[PINS * PINS * cells];
    for (int device = 0; device < PINS; device++) {
      for (int pin = 1; pin <= PINS; pin++) {
        int at = (device * PINS + pin - 1) * cells;
        map[at] = device << DEVICE_SHIFT;
        map[at + 3] = pin;
        map[at + 4] = controller;
        map[at + 7] = SPI;
        map[at + 8] = firstWire + (device + pin - 1) % PINS;
        map[at + 9] = LEVEL_HIGH;
      }
    }
    return map;
  }
}
