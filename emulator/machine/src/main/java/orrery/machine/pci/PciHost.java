package orrery.machine.pci;

import static orrery.machine.pci.ConfigRegisters.*;

import java.util.ArrayList;
import java.util.List;
import orrery.machine.bus.MmioDevice;
import orrery.machine.dma.DmaMemory;
import orrery.machine.irq.InterruptLine;

/**
 * A PCI Express host: configuration space by ECAM (PCI Firmware 3.2, section 4.1), windows to
 * memory and I/O space, bus 0 with up to 32 devices of up to 8 functions. Everything stands below
 * the root complex itself, so there are no bridges yet; one would add a bus to {@link #bus} and its
 * BARs to the maps.
 *
 * <p>Addresses in windows and on the bus are the same but for I/O space, which starts at 0 on the
 * bus. What no BAR claims reads as all ones and takes no write, and so do functions there are not.
 * A BAR that lies outside the windows, wholly or in part, is not reached there.
 *
 * <p>Belongs to the vCPU's thread. A change of a BAR replaces the map that the next access uses, so
 * devices may be moved from within an access.
 */
public final class PciHost {
  /** Devices on a bus. */
  public static final int SLOTS = 32;

  /** Functions of a device. */
  static final int FUNCTIONS = 8;

  // A configuration address: bus, device, function, register (PCI Firmware 3.2, table 4-1).
  private static final int BUS_SHIFT = 20;
  private static final int FUNCTION_SHIFT = 12;
  private static final int FUNCTION_MASK = SLOTS * FUNCTIONS - 1;
  private static final int REGISTER_MASK = ConfigSpace.SIZE - 1;

  private static final int ANY_WIDTH = 1 | 2 | 4 | 8;

  private final DmaMemory memory;
  private final InterruptPins pins;
  private final PciFunction[] rootBus = new PciFunction[SLOTS * FUNCTIONS];
  private final List<PciFunction> functions = new ArrayList<>();
  private AddressMap memoryMap = AddressMap.EMPTY;
  private AddressMap ioMap = AddressMap.EMPTY;

  /**
   * A host with nothing behind it.
   *
   * @param wires the interrupts INTA to INTD of device 0
   */
  public PciHost(DmaMemory memory, InterruptLine... wires) {
    if (wires.length != InterruptPins.WIRES) {
      throw new IllegalArgumentException("PCI has four interrupt wires");
    }
    this.memory = memory;
    this.pins = new InterruptPins(wires);
  }

  /**
   * Plugs a device in, before the machine starts.
   *
   * @param slot its device number, 0 to 31
   * @param functions its functions, 0 to 7; those after the first may be null
   * @throws IllegalArgumentException if the slot is taken
   */
  public void plug(int slot, PciDevice... functions) {
    if (functions.length == 0 || functions.length > FUNCTIONS || functions[0] == null) {
      throw new IllegalArgumentException("a device has one to eight functions, the first always");
    }
    if (slot < 0 || slot >= SLOTS || rootBus[slot * FUNCTIONS] != null) {
      throw new IllegalArgumentException("no free PCI slot " + slot);
    }
    for (int i = 0; i < functions.length; i++) {
      if (functions[i] != null) {
        PciFunction function =
            new PciFunction(functions[i], slot, i, memory, pins, this::decodingChanged);
        if (functions.length > 1) {
          function.multiFunction();
        }
        rootBus[slot * FUNCTIONS + i] = function;
        this.functions.add(function);
        functions[i].connected(function);
      }
    }
  }

  /** Configuration space: 1 MiB for each bus. */
  public MmioDevice ecam() {
    return new Ecam();
  }

  /**
   * A window to memory space.
   *
   * @param base where it starts, on both sides
   */
  public MmioDevice memoryWindow(long base) {
    return new Window(base, false);
  }

  /** A window to I/O space, whose address 0 is its first byte. */
  public MmioDevice ioWindow() {
    return new Window(0, true);
  }

  /** The machine is reset. */
  public void reset() {
    for (PciFunction function : functions) {
      function.reset();
    }
  }

  /** The machine is off; see {@link PciDevice#powerOff}. */
  public void powerOff(long deadline) {
    for (PciFunction function : functions) {
      function.device().powerOff(deadline);
    }
  }

  /** The functions of a bus by device * 8 + function; null for a bus there is not. */
  private PciFunction[] bus(int number) {
    return number == 0 ? rootBus : null;
  }

  private PciFunction function(long address) {
    PciFunction[] bus = bus((int) (address >>> BUS_SHIFT));
    return bus == null ? null : bus[(int) (address >>> FUNCTION_SHIFT) & FUNCTION_MASK];
  }

  private void decodingChanged() {
    AddressMap newMemory = new AddressMap(functions.size() * BASE_ADDRESSES);
    AddressMap newIo = new AddressMap(functions.size() * BASE_ADDRESSES);
    for (PciFunction function : functions) {
      for (int i = 0; i < BASE_ADDRESSES; i++) {
        Bar bar = function.decoded(i);
        if (bar != null) {
          (bar.isIo() ? newIo : newMemory).add(function, i, function.address(bar), bar.size());
        }
      }
    }
    memoryMap = newMemory.seal();
    ioMap = newIo.seal();
  }

  private final class Ecam implements MmioDevice {
    @Override
    public int widths() {
      return ANY_WIDTH;
    }

    @Override
    public long read(long offset, int width) {
      PciFunction function = function(offset);
      return function == null
          ? PciFunction.ones(width)
          : function.readConfig((int) offset & REGISTER_MASK, width);
    }

    @Override
    public void write(long offset, int width, long value) {
      PciFunction function = function(offset);
      if (function != null) {
        function.writeConfig((int) offset & REGISTER_MASK, width, value);
      }
    }
  }

  private final class Window implements MmioDevice {
    private final long base;
    private final boolean io;

    Window(long base, boolean io) {
      this.base = base;
      this.io = io;
    }

    @Override
    public int widths() {
      return ANY_WIDTH;
    }

    @Override
    public long read(long offset, int width) {
      AddressMap map = io ? ioMap : memoryMap;
      int range = map.find(base + offset);
      return range < 0 ? PciFunction.ones(width) : map.read(range, base + offset, width);
    }

    @Override
    public void write(long offset, int width, long value) {
      AddressMap map = io ? ioMap : memoryMap;
      int range = map.find(base + offset);
      if (range >= 0) {
        map.write(range, base + offset, width, value);
      }
    }
  }
}
