package orrery.machine.pci;

import static orrery.machine.pci.ConfigRegisters.*;

import orrery.machine.bus.BusFault;
import orrery.machine.bus.MmioDevice;
import orrery.machine.dma.DmaMemory;
import orrery.machine.dma.DmaPort;

/**
 * A function on the bus: configuration space, base address registers, interrupts, DMA. Its state is
 * the bytes of its configuration space and its MSI-X.
 *
 * <p>Accesses that a device does not answer read as all ones and write nothing, as a host does with
 * a request that ends unsupported (PCIe, section 2.3.1).
 */
public final class PciFunction {
  private final PciDevice device;
  private final Runnable decodingChanged;
  private final InterruptPins pins;
  private final int wire;
  private final ConfigSpace config;
  private final Bar[] bars;
  private final int[] barWidths = new int[BASE_ADDRESSES];
  private final PciConfiguration.VendorWindow[] windows;
  private final VendorCapability.Registers[] windowRegisters;
  private final PciConfiguration.MsiXLayout layout;
  private final MsiX msiX;
  private final DmaPort dma;
  private final int power;
  private final int express;

  /** The device's wish and what the pin does; guarded by the monitor. */
  private boolean interrupting;

  private boolean pinAsserted;

  /**
   * A function in reset.
   *
   * @param slot its device number on the bus
   * @param number its function number
   * @param decodingChanged run after addresses or permissions of its BARs may have changed
   */
  PciFunction(
      PciDevice device,
      int slot,
      int number,
      DmaMemory memory,
      InterruptPins pins,
      Runnable decodingChanged) {
    PciConfiguration configuration = device.configuration();
    this.device = device;
    this.decodingChanged = decodingChanged;
    this.pins = pins;
    config = configuration.space();
    wire = InterruptPins.wire(slot, Math.max(PIN_A, (int) config.get(INTERRUPT_PIN, Byte.BYTES)));
    bars = configuration.bars();
    for (int i = 0; i < bars.length; i++) {
      barWidths[i] = bars[i] == null ? 0 : bars[i].registers().widths();
    }
    windows = configuration.windows();
    windowRegisters = new VendorCapability.Registers[windows.length];
    for (int i = 0; i < windows.length; i++) {
      windowRegisters[i] = new WindowRegisters(config, windows[i].at());
    }
    power = configuration.powerAt();
    express = configuration.expressAt();
    dma = new DmaPort(memory, slot * PciHost.FUNCTIONS + number);
    layout = configuration.msiXLayout();
    msiX = layout == null ? null : new MsiX(dma, layout.vectors());
  }

  /** The bytes of a vendor-specific capability. */
  private record WindowRegisters(ConfigSpace config, int at) implements VendorCapability.Registers {
    @Override
    public int get(int offset, int width) {
      return (int) config.get(at + offset, width);
    }

    @Override
    public void set(int offset, int width, int value) {
      config.set(at + offset, width, value);
    }
  }

  /** Its way to memory, open while software lets it master the bus. */
  public DmaPort dma() {
    return dma;
  }

  /** Its MSI-X; null if its configuration has none. */
  public MsiX msiX() {
    return msiX;
  }

  /**
   * Asserts or deasserts its interrupt pin and Status.Interrupt; software may have disconnected the
   * pin (Command.Interrupt Disable). Any thread.
   */
  public synchronized void pin(boolean asserted) {
    interrupting = asserted;
    updatePin();
  }

  private synchronized void updatePin() {
    int status = config.word(STATUS);
    config.set(
        STATUS, Short.BYTES, interrupting ? status | STATUS_INTERRUPT : status & ~STATUS_INTERRUPT);
    boolean asserted = interrupting && (config.word(COMMAND) & COMMAND_INTX_DISABLE) == 0;
    if (asserted != pinAsserted) {
      pinAsserted = asserted;
      pins.change(wire, asserted);
    }
  }

  PciDevice device() {
    return device;
  }

  /** The function shares its device number with others (PCI, section 6.2.1). */
  void multiFunction() {
    config.set(HEADER_TYPE, Byte.BYTES, HEADER_MULTI_FUNCTION);
  }

  // ---- Configuration space ----

  /** Reads 1, 2, 4 or 8 bytes that lie inside. */
  long readConfig(int at, int width) {
    for (int i = 0; i < windows.length; i++) {
      PciConfiguration.VendorWindow window = windows[i];
      if (overlaps(at, width, window.at(), window.length())) {
        window.handler().reading(windowRegisters[i], at - window.at(), width);
      }
    }
    return config.get(at, width);
  }

  /** Writes 1, 2, 4 or 8 bytes that lie inside. */
  void writeConfig(int at, int width, long value) {
    synchronized (this) {
      config.write(at, width, value);
    }
    if (overlaps(at, width, COMMAND, Short.BYTES)) {
      updatePin();
      updateMaster();
      decodingChanged.run();
    } else if (overlaps(at, width, BASE_ADDRESS, BASE_ADDRESSES * Integer.BYTES)) {
      decodingChanged.run();
    }
    if (power != 0 && overlaps(at, width, power + POWER_CONTROL, Short.BYTES)) {
      updateMaster();
      decodingChanged.run();
    }
    if (layout != null && overlaps(at, width, layout.capability() + MSI_X_CONTROL, Short.BYTES)) {
      msiX.control(config.word(layout.capability() + MSI_X_CONTROL));
    }
    for (int i = 0; i < windows.length; i++) {
      PciConfiguration.VendorWindow window = windows[i];
      if (overlaps(at, width, window.at(), window.length())) {
        window.handler().written(windowRegisters[i], at - window.at(), width);
      }
    }
    if (express != 0 && initiatesReset(at, width, value)) {
      reset();
    }
  }

  /** Device Control's bit for a function-level reset reads as zero (PCIe, section 7.5.3.4). */
  private boolean initiatesReset(int at, int width, long value) {
    int high = express + EXPRESS_DEVICE_CONTROL + 1;
    return overlaps(at, width, high, Byte.BYTES)
        && (value >>> (high - at) * Byte.SIZE & DEVICE_CONTROL_INITIATE_RESET >>> Byte.SIZE) != 0;
  }

  private static boolean overlaps(int at, int width, int from, int length) {
    return at < from + length && from < at + width;
  }

  private void updateMaster() {
    dma.enable(isAwake() && (config.word(COMMAND) & COMMAND_BUS_MASTER) != 0);
  }

  /** In D3hot a function answers configuration accesses only (PCI-PM, section 5.4). */
  private boolean isAwake() {
    return power == 0 || (config.word(power + POWER_CONTROL) & POWER_STATE_MASK) == 0;
  }

  /**
   * As after power-on: a function-level reset (PCIe, section 6.6.2), a reset of the machine, or a
   * device that lets go of its link, which has the effect of a hot reset (PCIe, section 6.6.1). The
   * vCPU's thread.
   */
  public void reset() {
    int header = (int) config.get(HEADER_TYPE, Byte.BYTES);
    synchronized (this) {
      config.reset();
      config.set(HEADER_TYPE, Byte.BYTES, header);
    }
    pin(false);
    updateMaster();
    if (msiX != null) {
      msiX.reset();
    }
    decodingChanged.run();
    device.reset();
  }

  // ---- Base address registers ----

  /** The BAR of that index if the function has it and decodes it now, else null. */
  Bar decoded(int index) {
    Bar bar = bars[index];
    if (bar == null) {
      return null;
    }
    int needed = bar.isIo() ? COMMAND_IO : COMMAND_MEMORY;
    return isAwake() && (config.word(COMMAND) & needed) != 0 ? bar : null;
  }

  long address(Bar bar) {
    return bar.address(config);
  }

  /**
   * Reads registers behind a BAR, as if software did, whether the BAR is decoded or not.
   *
   * @param index the BAR's
   * @param offset bytes from its start
   * @param width bytes: 1, 2, 4 or 8
   * @return all ones where nothing answers
   */
  public long readBar(int index, long offset, int width) {
    if (reaches(index, offset, width)) {
      if (layout != null && layout.bar() == index) {
        long table = offset - layout.table();
        if (table >= 0 && table < (long) layout.vectors() * MsiX.ENTRY_SIZE) {
          return msiX.readTable((int) table, width);
        }
        long pending = offset - layout.pending();
        if (pending >= 0 && pending < MsiX.pendingSize(layout.vectors())) {
          return msiX.readPending((int) pending, width);
        }
      }
      if ((barWidths[index] & width) != 0) {
        try {
          return bars[index].registers().read(offset, width);
        } catch (BusFault e) {
          return ones(width);
        }
      }
    }
    return ones(width);
  }

  /** Writes registers behind a BAR; parameters as for {@link #readBar}. */
  public void writeBar(int index, long offset, int width, long value) {
    if (!reaches(index, offset, width)) {
      return;
    }
    if (layout != null && layout.bar() == index) {
      long table = offset - layout.table();
      if (table >= 0 && table < (long) layout.vectors() * MsiX.ENTRY_SIZE) {
        msiX.writeTable((int) table, width, value);
        return;
      }
      long pending = offset - layout.pending();
      if (pending >= 0 && pending < MsiX.pendingSize(layout.vectors())) {
        return;
      }
    }
    MmioDevice registers = bars[index].registers();
    if ((barWidths[index] & width) != 0) {
      try {
        registers.write(offset, width, value & ones(width));
      } catch (BusFault e) {
        return; // a posted write: nobody hears that it failed
      }
    }
  }

  private boolean reaches(int index, long offset, int width) {
    return index >= 0
        && index < bars.length
        && bars[index] != null
        && (offset & width - 1) == 0
        && offset >= 0
        && offset <= bars[index].size() - width;
  }

  static long ones(int width) {
    return -1L >>> Long.SIZE - width * Byte.SIZE;
  }
}
