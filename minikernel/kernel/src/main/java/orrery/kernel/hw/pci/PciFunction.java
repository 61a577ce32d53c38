package orrery.kernel.hw.pci;

import static orrery.kernel.hw.pci.ConfigRegisters.*;

import java.util.Arrays;
import java.util.Objects;
import orrery.kernel.hw.HardwareException;
import orrery.kernel.hw.IoMem;
import orrery.kernel.hw.Resources;
import orrery.machine.bus.Bus;
import orrery.ownership.Move;
import orrery.ownership.OutOfRangeException;
import orrery.ownership.Range;
import orrery.ownership.Unsafe;
import orrery.ownership.Untrusted;

/**
 * A function that the core has found: its identity, where its base address registers were put, its
 * capabilities and its MSI-X table.
 */
@Unsafe("the core's own registers of the function: nothing gives them back")
public final class PciFunction {
  /** Bytes of configuration space. */
  public static final int CONFIG_SIZE = ConfigRegisters.SIZE;

  /** Capabilities are four bytes apart at least; a longer list is a loop. */
  private static final int MAX_CAPABILITIES = (CAPABILITIES_END - HEADER_END) / 4;

  private static final int POINTER_MASK = 0xfc;

  private final IoMem<ConfigRegisters> config;
  private final Resources own;
  private final Bus bus;
  private final int requester;
  private final long[] barAddress = new long[BASE_ADDRESSES];
  private final long[] barSize = new long[BASE_ADDRESSES];

  // What configuration space and the MSI-X table were set to.
  private final int[] bases = new int[BASE_ADDRESSES];
  private int command;
  private boolean sending;

  /** By message; 0 where none is set up. */
  private long[] doorbells = {};

  private int[] data = {};

  PciFunction(@Move IoMem<ConfigRegisters> config, Resources own, Bus bus, int requester) {
    // SAFETY: see above
    this.config = config;
    this.own = own;
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
    return config.read(VENDOR_ID);
  }

  /** What it is, by its vendor's list. */
  public int device() {
    return config.read(DEVICE_ID);
  }

  /** Base class, sub-class and programming interface, 24 bits. */
  public int classCode() {
    return config.read(CLASS_REVISION) >>> Byte.SIZE;
  }

  /** Its revision. */
  public int revision() {
    return config.read(CLASS_REVISION) & 0xff;
  }

  /** Who made what the function is part of. */
  public int subsystemVendor() {
    return config.read(SUBSYSTEM_VENDOR_ID);
  }

  /** What the function is part of, by that vendor's list. */
  public int subsystem() {
    return config.read(SUBSYSTEM_ID);
  }

  int headerType() {
    return config.read(HEADER_TYPE);
  }

  int baseAddress(int bar) {
    return config.read(BASE_ADDRESS, bar);
  }

  void setBaseAddress(int bar, int value) {
    bases[bar] = value;
    config.write(BASE_ADDRESS, bar, value);
  }

  void setCommand(int value) {
    command = value;
    config.write(COMMAND, value);
  }

  /**
   * Reads configuration space at an offset known at run time only.
   *
   * @param width bytes: 1, 2 or 4
   * @throws OutOfRangeException if that is not inside, or not a multiple of the width
   */
  public @Untrusted int tryConfig(@Untrusted long at, int width) throws OutOfRangeException {
    return switch (width) {
      case Byte.BYTES -> config.tryRead8(at);
      case Short.BYTES -> config.tryRead16(at);
      default -> config.tryRead32(at);
    };
  }

  /** A byte of configuration space, 0 to {@link #CONFIG_SIZE} - 1. */
  public byte configByte(int at) {
    return (byte) read(Byte.BYTES, at);
  }

  /**
   * Finds a capability of the first list.
   *
   * @param id its identifier
   * @param after where the last one was found, 0 for the first
   * @return where it starts, 0 if there is none
   */
  public int capability(int id, int after) {
    if ((config.read(STATUS) & STATUS_CAPABILITIES) == 0) {
      return 0;
    }
    boolean passed = after == 0;
    int at = config.read(CAPABILITIES) & POINTER_MASK;
    for (int i = 0; at >= HEADER_END && i < MAX_CAPABILITIES; i++) {
      if (passed && read(Byte.BYTES, at) == id) {
        return at;
      }
      passed |= at == after;
      at = read(Byte.BYTES, at + 1) & POINTER_MASK;
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

  /** The low bits of a base address register: what kind of space it asks for. */
  public int barKind(int bar) {
    return config.read(BASE_ADDRESS, bar) & BAR_FLAGS;
  }

  /** The physical address behind a base address register. */
  public long barAddress(int bar) {
    return barAddress[bar];
  }

  // ---- State ----

  /** Lets the function answer in memory space, and use the bus if {@code master}. */
  public void enable(boolean master) {
    setCommand(COMMAND_MEMORY | COMMAND_INTX_DISABLE | (master ? COMMAND_BUS_MASTER : 0));
  }

  /**
   * Sets up again what a reset of the function has taken from it: its addresses, its permissions
   * and its messages.
   */
  public void restore() {
    for (int bar = 0; bar < BASE_ADDRESSES; bar++) {
      if (bases[bar] != 0) {
        setBaseAddress(bar, bases[bar]);
      }
    }
    setCommand(command);
    for (int i = 0; i < doorbells.length; i++) {
      if (doorbells[i] != 0) {
        setMessage(i, doorbells[i], data[i]);
      }
    }
    if (sending) {
      enableMessages(true);
    }
  }

  /** Cuts the function off: no answers, no requests, no interrupts. */
  public void disable() {
    int msiX = capability(CAPABILITY_MSI_X, 0);
    if (msiX != 0) {
      control(msiX, MSI_X_FUNCTION_MASK);
    }
    setCommand(COMMAND_INTX_DISABLE);
  }

  // ---- MSI-X ----

  /** How many messages it can send; 0 if it has no MSI-X. */
  public int messages() {
    int msiX = capability(CAPABILITY_MSI_X, 0);
    return msiX == 0 ? 0 : (read(Short.BYTES, msiX + MSI_X_CONTROL) & MSI_X_SIZE) + 1;
  }

  /**
   * Sets one message up and lets it through.
   *
   * @param index 0 to {@link #messages} - 1
   * @param doorbell where it is written to
   * @param value what is written
   */
  public void setMessage(int index, long doorbell, int value) {
    IoMem<MessageRegisters> entry = entry(index);
    if (index >= doorbells.length) {
      doorbells = Arrays.copyOf(doorbells, messages());
      data = Arrays.copyOf(data, doorbells.length);
    }
    doorbells[index] = doorbell;
    data[index] = value;
    entry.write(MessageRegisters.ADDRESS, (int) doorbell);
    entry.write(MessageRegisters.ADDRESS_HIGH, (int) (doorbell >>> Integer.SIZE));
    entry.write(MessageRegisters.DATA, value);
    entry.write(MessageRegisters.CONTROL, 0);
    entry.close();
  }

  /** Masks one message. */
  public void maskMessage(int index) {
    IoMem<MessageRegisters> entry = entry(index);
    if (index < doorbells.length) {
      doorbells[index] = 0;
    }
    entry.write(MessageRegisters.CONTROL, MessageRegisters.MASKED);
    entry.close();
  }

  /** Lets messages out. */
  public void enableMessages(boolean on) {
    sending = on;
    int msiX = capability(CAPABILITY_MSI_X, 0);
    control(msiX, on ? MSI_X_ENABLE : 0);
  }

  private IoMem<MessageRegisters> entry(int index) {
    int msiX = capability(CAPABILITY_MSI_X, 0);
    int place = read(Integer.BYTES, msiX + MSI_X_TABLE);
    int bar = place & MSI_X_BAR;
    long offset = Integer.toUnsignedLong(place & ~MSI_X_BAR);
    int size = MessageRegisters.BLOCK.size();
    if (bar >= BASE_ADDRESSES || offset > barSize[bar] - (long) messages() * size) {
      throw new HardwareException(name() + ": its MSI-X table lies outside of its registers");
    }
    long at = barAddress[bar] + offset + (long) Objects.checkIndex(index, messages()) * size;
    // SAFETY: the entry lies within this function's registers, which the core placed
    return IoMem.map(own, bus, at, size, MessageRegisters.BLOCK);
  }

  private void control(int msiX, int value) {
    try {
      config.tryWrite16(msiX + MSI_X_CONTROL, value);
    } catch (OutOfRangeException e) {
      throw outside(e);
    }
  }

  /** Reads where a capability stands. */
  private int read(int width, int at) {
    try {
      return Range.between(tryConfig(at, width), Integer.MIN_VALUE, Integer.MAX_VALUE);
    } catch (OutOfRangeException e) {
      throw outside(e);
    }
  }

  private HardwareException outside(OutOfRangeException e) {
    return new HardwareException(name() + ": its capabilities lie outside: " + e.getMessage());
  }
}
