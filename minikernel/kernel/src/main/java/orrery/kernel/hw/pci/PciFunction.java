package orrery.kernel.hw.pci;

import static orrery.kernel.hw.pci.ConfigRegisters.*;

import orrery.kernel.hw.HardwareException;
import orrery.kernel.hw.RawRegisters;
import orrery.machine.bus.Bus;

/**
 * A function that the core has found: its identity, where its base address registers were put, its
 * capabilities and its MSI-X table.
 */
public final class PciFunction {
  /** Capabilities are four bytes apart at least; a longer list is a loop. */
  private static final int MAX_CAPABILITIES = (CAPABILITIES_END - HEADER_END) / 4;

  private static final int POINTER_MASK = 0xfc;

  private final RawRegisters config;
  private final Bus bus;
  private final int requester;
  private final long[] barAddress = new long[BASE_ADDRESSES];
  private final long[] barSize = new long[BASE_ADDRESSES];

  PciFunction(RawRegisters config, Bus bus, int requester) {
    this.config = config;
    this.bus = bus;
    this.requester = requester;
  }

  /** Bus, device and function number in one, as in requests. */
  public int requester() {
    return requester;
  }

  /** The usual name, with the domain. */
  public String name() {
    return String.format(
        "0000:%02x:%02x.%d", requester >>> 8, requester >>> 3 & 0x1f, requester & 7);
  }

  /** Where it stands below /sys/devices. */
  public String place() {
    return "pci0000:" + String.format("%02x", requester >>> 8) + "/" + name();
  }

  /** Who made it. */
  public int vendor() {
    return config16(VENDOR_ID);
  }

  /** What it is, by its vendor's list. */
  public int device() {
    return config16(DEVICE_ID);
  }

  /** Base class, sub-class and programming interface, 24 bits. */
  public int classCode() {
    return (int) config.read(CLASS_REVISION, Integer.BYTES) >>> Byte.SIZE;
  }

  int config8(int at) {
    return (int) config.read(at, Byte.BYTES);
  }

  int config16(int at) {
    return (int) config.read(at, Short.BYTES);
  }

  /**
   * Reads configuration space.
   *
   * @param at a multiple of {@code width}
   * @param width bytes: 1, 2 or 4
   * @throws IndexOutOfBoundsException if that is not inside
   */
  public int config(int at, int width) {
    return (int) config.read(at, width);
  }

  void writeConfig(int at, int width, long value) {
    config.write(at, width, value);
  }

  /**
   * Finds a capability of the first list.
   *
   * @param id its identifier
   * @param after where the last one was found, 0 for the first
   * @return where it starts, 0 if there is none
   */
  public int capability(int id, int after) {
    if ((config16(STATUS) & STATUS_CAPABILITIES) == 0) {
      return 0;
    }
    boolean passed = after == 0;
    int at = config8(CAPABILITIES) & POINTER_MASK;
    for (int i = 0; at >= HEADER_END && i < MAX_CAPABILITIES; i++) {
      if (passed && config8(at) == id) {
        return at;
      }
      passed |= at == after;
      at = config8(at + 1) & POINTER_MASK;
    }
    return 0;
  }

  // ---- Base address registers ----

  void place(int bar, long address, long size) {
    barAddress[bar] = address;
    barSize[bar] = size;
  }

  /** The bytes behind a base address register; 0 if it has none. */
  public long barSize(int bar) {
    return barSize[bar];
  }

  /** The physical address behind a base address register. */
  public long barAddress(int bar) {
    return barAddress[bar];
  }

  // ---- State ----

  /** Lets the function answer in memory space, and use the bus if {@code master}. */
  public void enable(boolean master) {
    int command = COMMAND_MEMORY | COMMAND_INTX_DISABLE | (master ? COMMAND_BUS_MASTER : 0);
    writeConfig(COMMAND, Short.BYTES, command);
  }

  /** Cuts the function off: no answers, no requests, no interrupts. */
  public void disable() {
    int msiX = capability(CAPABILITY_MSI_X, 0);
    if (msiX != 0) {
      writeConfig(msiX + MSI_X_CONTROL, Short.BYTES, MSI_X_FUNCTION_MASK);
    }
    writeConfig(COMMAND, Short.BYTES, COMMAND_INTX_DISABLE);
  }

  // ---- MSI-X ----

  /** How many messages it can send; 0 if it has no MSI-X. */
  public int messages() {
    int msiX = capability(CAPABILITY_MSI_X, 0);
    return msiX == 0 ? 0 : (config16(msiX + MSI_X_CONTROL) & MSI_X_SIZE) + 1;
  }

  /**
   * Sets one message up and lets it through.
   *
   * @param index 0 to {@link #messages} - 1
   * @param doorbell where it is written to
   * @param data what is written
   */
  public void setMessage(int index, long doorbell, int data) {
    RawRegisters table = table();
    int at = index * ENTRY_SIZE;
    table.write32(at + ENTRY_ADDRESS, (int) doorbell);
    table.write32(at + ENTRY_ADDRESS_HIGH, (int) (doorbell >>> Integer.SIZE));
    table.write32(at + ENTRY_DATA, data);
    table.write32(at + ENTRY_CONTROL, 0);
  }

  /** Masks one message. */
  public void maskMessage(int index) {
    table().write32(index * ENTRY_SIZE + ENTRY_CONTROL, ENTRY_MASKED);
  }

  /** Lets messages out. */
  public void enableMessages(boolean on) {
    int msiX = capability(CAPABILITY_MSI_X, 0);
    writeConfig(msiX + MSI_X_CONTROL, Short.BYTES, on ? MSI_X_ENABLE : 0);
  }

  private RawRegisters table() {
    int msiX = capability(CAPABILITY_MSI_X, 0);
    int place = config(msiX + MSI_X_TABLE, Integer.BYTES);
    int bar = place & MSI_X_BAR;
    long offset = Integer.toUnsignedLong(place & ~MSI_X_BAR);
    long length = (long) messages() * ENTRY_SIZE;
    if (bar >= BASE_ADDRESSES || offset > barSize[bar] - length) {
      throw new HardwareException(name() + ": its MSI-X table lies outside of its registers");
    }
    return new RawRegisters(bus, barAddress[bar] + offset, length);
  }
}
