package orrery.machine.pci;

import static orrery.machine.pci.ConfigRegisters.*;

import java.util.ArrayList;
import java.util.List;
import orrery.machine.bus.MmioDevice;

/**
 * What a function looks like after reset: its identity, base address registers and capabilities.
 * Built once by its device; capabilities appear in the order of the calls.
 */
public final class PciConfiguration {
  private final byte[] initial = new byte[ConfigSpace.SIZE];
  private final byte[] writable = new byte[ConfigSpace.SIZE];
  private final byte[] clearable = new byte[ConfigSpace.SIZE];
  private final Bar[] bars = new Bar[BASE_ADDRESSES];
  private final List<VendorWindow> windows = new ArrayList<>();
  private MsiXLayout msiX;
  private int power;
  private int express;
  private int lastPointer = CAPABILITIES;
  private int nextCapability = HEADER_END;
  private int takenBars;

  /**
   * Where the MSI-X structures lie.
   *
   * @param capability offset of the capability
   * @param bar index of the BAR with both structures
   * @param table offset of the table in it, in bytes
   * @param pending offset of the pending bits in it, in bytes
   */
  record MsiXLayout(int capability, int vectors, int bar, long table, long pending) {}

  /** A vendor-specific capability with somebody behind it. */
  record VendorWindow(int at, int length, VendorCapability handler) {}

  /**
   * A function with nothing but its identity.
   *
   * @param classCode base class, subclass and programming interface, 24 bits (PCI, appendix D)
   */
  public PciConfiguration(int vendor, int device, int classCode, int revision) {
    put(initial, VENDOR_ID, Short.BYTES, vendor);
    put(initial, DEVICE_ID, Short.BYTES, device);
    put(initial, REVISION_ID, Byte.BYTES, revision);
    put(initial, CLASS_CODE, Byte.BYTES, classCode);
    put(initial, CLASS_CODE + 1, Short.BYTES, classCode >>> Byte.SIZE);
    put(writable, CACHE_LINE_SIZE, Byte.BYTES, -1);
    put(writable, INTERRUPT_LINE, Byte.BYTES, -1);
    put(
        writable,
        COMMAND,
        Short.BYTES,
        COMMAND_BUS_MASTER | COMMAND_PARITY | COMMAND_SERR | COMMAND_INTX_DISABLE);
    put(clearable, STATUS, Short.BYTES, STATUS_ERRORS);
  }

  /** The subsystem's identity. */
  public PciConfiguration subsystem(int vendor, int id) {
    put(initial, SUBSYSTEM_VENDOR_ID, Short.BYTES, vendor);
    put(initial, SUBSYSTEM_ID, Short.BYTES, id);
    return this;
  }

  /**
   * A BAR for memory below 4 GiB.
   *
   * @param size bytes, a power of two from 16 on
   */
  public PciConfiguration memory32(int index, long size, MmioDevice registers) {
    return add(new Bar(index, Bar.Kind.MEMORY_32, size, registers));
  }

  /** A BAR for memory anywhere; it takes two registers. */
  public PciConfiguration memory64(int index, long size, MmioDevice registers) {
    return add(new Bar(index, Bar.Kind.MEMORY_64, size, registers));
  }

  /** A BAR for memory anywhere whose reads have no side effects. */
  public PciConfiguration prefetchable64(int index, long size, MmioDevice registers) {
    return add(new Bar(index, Bar.Kind.PREFETCHABLE_64, size, registers));
  }

  /**
   * A BAR in I/O space.
   *
   * @param size bytes, a power of two from 4 to 256
   */
  public PciConfiguration io(int index, long size, MmioDevice registers) {
    return add(new Bar(index, Bar.Kind.IO, size, registers));
  }

  private PciConfiguration add(Bar bar) {
    int taken = (1 << bar.kind().registers) - 1 << bar.index();
    if ((takenBars & taken) != 0) {
      throw new IllegalArgumentException("BAR " + bar.index() + " is taken");
    }
    takenBars |= taken;
    bars[bar.index()] = bar;
    put(initial, bar.register(), Byte.BYTES, bar.kind().flags);
    put(writable, bar.register(), bar.registerWidth(), -bar.size());
    writable[COMMAND] |= (byte) (bar.isIo() ? COMMAND_IO : COMMAND_MEMORY);
    return this;
  }

  /** The function has an interrupt pin, INTA. */
  public PciConfiguration interruptPin() {
    put(initial, INTERRUPT_PIN, Byte.BYTES, PIN_A);
    return this;
  }

  /** Power management: D0 and D3hot, registers kept in between. */
  public PciConfiguration powerManagement() {
    power = capability(CAPABILITY_POWER, POWER_LENGTH);
    put(initial, power + POWER_CAPABILITIES, Short.BYTES, POWER_VERSION_1_2);
    put(initial, power + POWER_CONTROL, Short.BYTES, POWER_NO_SOFT_RESET);
    put(writable, power + POWER_CONTROL, Short.BYTES, POWER_STATE_MASK);
    return this;
  }

  /** PCI Express: an endpoint with function-level reset. */
  public PciConfiguration express() {
    express = capability(CAPABILITY_EXPRESS, EXPRESS_LENGTH);
    put(
        initial,
        express + EXPRESS_CAPABILITIES,
        Short.BYTES,
        EXPRESS_VERSION_2 | EXPRESS_INTEGRATED_ENDPOINT << EXPRESS_TYPE_SHIFT);
    put(
        initial,
        express + EXPRESS_DEVICE_CAPABILITIES,
        Integer.BYTES,
        DEVICE_ROLE_BASED_ERRORS | DEVICE_FUNCTION_RESET);
    put(initial, express + EXPRESS_DEVICE_CONTROL, Short.BYTES, DEVICE_CONTROL_RESET);
    put(writable, express + EXPRESS_DEVICE_CONTROL, Short.BYTES, DEVICE_CONTROL_WRITABLE);
    put(clearable, express + EXPRESS_DEVICE_STATUS, Short.BYTES, DEVICE_STATUS_ERRORS);
    return this;
  }

  /**
   * MSI-X with its table and its pending bits in a BAR, in front of the BAR's registers.
   *
   * @param vectors 1 to 2048
   * @param bar index of a BAR added before
   * @param table offset of the table in bytes, a multiple of 8; 16 bytes for each vector
   * @param pending offset of the pending bits in bytes, a multiple of 8
   */
  public PciConfiguration msiX(int vectors, int bar, long table, long pending) {
    Bar holder = bars[bar];
    long tableEnd = table + (long) vectors * MsiX.ENTRY_SIZE;
    long pendingEnd = pending + MsiX.pendingSize(vectors);
    if (msiX != null
        || vectors < 1
        || vectors > MsiX.MAX_VECTORS
        || holder == null
        || ((table | pending) & Long.BYTES - 1) != 0
        || tableEnd > holder.size()
        || pendingEnd > holder.size()
        || table < pendingEnd && pending < tableEnd) {
      throw new IllegalArgumentException("impossible MSI-X structures");
    }
    int at = capability(CAPABILITY_MSI_X, MSI_X_LENGTH);
    msiX = new MsiXLayout(at, vectors, bar, table, pending);
    put(initial, at + MSI_X_CONTROL, Short.BYTES, vectors - 1);
    put(writable, at + MSI_X_CONTROL, Short.BYTES, MSI_X_ENABLE | MSI_X_FUNCTION_MASK);
    put(initial, at + MSI_X_TABLE, Integer.BYTES, table | bar);
    put(initial, at + MSI_X_PENDING, Integer.BYTES, pending | bar);
    return this;
  }

  /**
   * A vendor-specific capability (PCI, appendix H).
   *
   * @param body its bytes from the fourth on, after identifier, next pointer and length
   * @param mask which bits of {@code body} software may write; null for none
   * @param handler told of accesses to it; null for nobody
   */
  public PciConfiguration vendor(byte[] body, byte[] mask, VendorCapability handler) {
    int header = CAPABILITY_NEXT + 2;
    int at = capability(CAPABILITY_VENDOR, header + body.length);
    put(initial, at + CAPABILITY_NEXT + 1, Byte.BYTES, header + body.length);
    System.arraycopy(body, 0, initial, at + header, body.length);
    if (mask != null) {
      System.arraycopy(mask, 0, writable, at + header, body.length);
    }
    if (handler != null) {
      windows.add(new VendorWindow(at, header + body.length, handler));
    }
    return this;
  }

  /** Appends a capability to the list (PCI, section 6.7). */
  private int capability(int id, int length) {
    int at = nextCapability;
    nextCapability = at + length + Integer.BYTES - 1 & -Integer.BYTES;
    if (nextCapability > CAPABILITIES_END) {
      throw new IllegalArgumentException("the capabilities do not fit into 256 bytes");
    }
    put(initial, STATUS, Short.BYTES, STATUS_CAPABILITIES);
    put(initial, lastPointer, Byte.BYTES, at);
    put(initial, at, Byte.BYTES, id);
    lastPointer = at + CAPABILITY_NEXT;
    return at;
  }

  private static void put(byte[] bytes, int at, int width, long value) {
    for (int i = 0; i < width; i++) {
      bytes[at + i] = (byte) (value >>> i * Byte.SIZE);
    }
  }

  ConfigSpace space() {
    return new ConfigSpace(initial.clone(), writable.clone(), clearable.clone());
  }

  Bar[] bars() {
    return bars.clone();
  }

  VendorWindow[] windows() {
    return windows.toArray(VendorWindow[]::new);
  }

  /** Null without MSI-X. */
  MsiXLayout msiXLayout() {
    return msiX;
  }

  /** Offset of the power management capability, 0 for none. */
  int powerAt() {
    return power;
  }

  /** Offset of the PCI Express capability, 0 for none. */
  int expressAt() {
    return express;
  }
}
