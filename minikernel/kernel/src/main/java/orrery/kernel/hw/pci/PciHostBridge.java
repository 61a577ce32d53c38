package orrery.kernel.hw.pci;

import static orrery.kernel.hw.pci.ConfigRegisters.*;

import java.util.ArrayList;
import java.util.List;
import orrery.kernel.hw.HardwareException;
import orrery.kernel.hw.IoMem;
import orrery.kernel.hw.PhysicalMemory;
import orrery.kernel.hw.Resources;
import orrery.machine.bus.Bus;
import orrery.machine.fdt.DeviceTreeException;
import orrery.machine.fdt.DeviceTreeNode;
import orrery.ownership.Census;
import orrery.ownership.Unsafe;

/**
 * Driver of a host that decodes configuration space by ECAM: finds the functions of its first bus
 * and gives their registers places in its windows. Bridges to further buses are not followed.
 */
public final class PciHostBridge {
  /** The device tree's name of what this drives. */
  public static final String COMPATIBLE = "pci-host-ecam-generic";

  private static final int SLOTS = 32;
  private static final int FUNCTIONS = 8;
  private static final int FUNCTION_BITS = 3;

  // ranges: three cells on the PCI side, two on the CPU's, two of size.
  private static final int RANGE_CELLS = 7;
  private static final int SPACE_MASK = 0x0300_0000;
  private static final int SPACE_MEMORY_32 = 0x0200_0000;
  private static final int SPACE_MEMORY_64 = 0x0300_0000;

  private final Resources own;
  private final Bus bus;
  private final long ecam;
  private final Window low = new Window();
  private final Window high = new Window();

  /** Addresses that are given out in ascending order. */
  private static final class Window {
    private long next;
    private long end;

    /** Nobody else gets registers in the same page, so that a program can map it. */
    long take(long size) {
      long room = Math.max(size, PhysicalMemory.FRAME_SIZE);
      long address = next + room - 1 & -room;
      if (Long.compareUnsigned(address, next) < 0 || room > end - address) {
        return -1;
      }
      next = address + room;
      return address;
    }
  }

  /**
   * A host.
   *
   * @throws DeviceTreeException if its node is malformed
   */
  public PciHostBridge(DeviceTreeNode node, Bus bus) {
    this.own = new Resources(node.name(), Census.ofHandles());
    this.bus = bus;
    DeviceTreeNode.Range range = node.reg(0);
    ecam = range.address();
    if (range.size() < (long) SLOTS * FUNCTIONS * SIZE) {
      throw new DeviceTreeException("device tree: " + node.path() + " has no room for a bus");
    }
    int[] cells = node.cells("ranges");
    for (int i = 0; i + RANGE_CELLS <= cells.length; i += RANGE_CELLS) {
      // Addresses are the same on both sides in memory space; others are of no use here.
      long pci = number(cells, i + 1);
      long cpu = number(cells, i + 3);
      int space = cells[i] & SPACE_MASK;
      if (pci == cpu && (space == SPACE_MEMORY_32 || space == SPACE_MEMORY_64)) {
        Window window = space == SPACE_MEMORY_32 ? low : high;
        window.next = cpu;
        window.end = cpu + number(cells, i + 5);
      }
    }
  }

  private static long number(int[] cells, int at) {
    return (long) cells[at] << Integer.SIZE | Integer.toUnsignedLong(cells[at + 1]);
  }

  /**
   * Finds the functions and places their registers; everything stays switched off.
   *
   * @throws HardwareException if the windows are too small
   */
  public List<PciFunction> enumerate() {
    List<PciFunction> found = new ArrayList<>();
    for (int slot = 0; slot < SLOTS; slot++) {
      int functions = 1;
      for (int i = 0; i < functions; i++) {
        int requester = slot << FUNCTION_BITS | i;
        PciFunction function = function(requester);
        if (function == null) {
          continue;
        }
        int header = function.headerType();
        if ((header & HEADER_MULTI_FUNCTION) != 0) {
          functions = FUNCTIONS;
        }
        if ((header & HEADER_LAYOUT) == 0) {
          placeRegisters(function);
          found.add(function);
        }
      }
    }
    return found;
  }

  /** The function of an identifier; null if there is none. */
  @Unsafe("configuration space is read and written here and in the functions found, nowhere else")
  private PciFunction function(int requester) {
    // SAFETY: the range is this function's by ECAM's arithmetic
    IoMem<ConfigRegisters> config =
        IoMem.map(own, bus, ecam + (long) requester * SIZE, SIZE, ConfigRegisters.BLOCK);
    if (config.read(VENDOR_ID) == NO_VENDOR) {
      config.close();
      return null;
    }
    return new PciFunction(config, own, bus, requester);
  }

  /** Sizes the base address registers by writing ones (PCI, section 6.2.5.1) and places them. */
  private void placeRegisters(PciFunction function) {
    function.setCommand(COMMAND_INTX_DISABLE);
    for (int bar = 0; bar < BASE_ADDRESSES; bar++) {
      int flags = function.baseAddress(bar);
      if ((flags & BAR_IO) != 0) {
        continue;
      }
      boolean wide = (flags & BAR_TYPE) == BAR_64_BIT && bar + 1 < BASE_ADDRESSES;
      function.setBaseAddress(bar, -1);
      long mask = function.baseAddress(bar) & ~BAR_FLAGS; // sign-extended
      if (wide) {
        function.setBaseAddress(bar + 1, -1);
        mask = (long) function.baseAddress(bar + 1) << Integer.SIZE | mask & 0xffff_ffffL;
      }
      if (mask != 0) {
        long size = mask & -mask;
        long address = wide ? high.take(size) : low.take(size);
        if (address < 0) {
          throw new HardwareException(
              function.name() + ": no room for " + size + " bytes of registers");
        }
        function.setBaseAddress(bar, (int) address);
        if (wide) {
          function.setBaseAddress(bar + 1, (int) (address >>> Integer.SIZE));
        }
        function.place(bar, address, size);
      }
      bar += wide ? 1 : 0;
    }
  }
}
