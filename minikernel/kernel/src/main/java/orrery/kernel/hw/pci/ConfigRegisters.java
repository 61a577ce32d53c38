package orrery.kernel.hw.pci;

/** Registers and bits of configuration space (PCI, chapter 6), as far as the core uses them. */
final class ConfigRegisters {
  static final int VENDOR_ID = 0x00;
  static final int DEVICE_ID = 0x02;
  static final int COMMAND = 0x04;
  static final int STATUS = 0x06;
  static final int CLASS_REVISION = 0x08;
  static final int HEADER_TYPE = 0x0e;
  static final int BASE_ADDRESS = 0x10;
  static final int BASE_ADDRESSES = 6;
  static final int SUBSYSTEM_VENDOR_ID = 0x2c;
  static final int SUBSYSTEM_ID = 0x2e;
  static final int CAPABILITIES = 0x34;

  /** Configuration space of one function (PCI Firmware 3.2, section 4.1). */
  static final int SIZE = 4096;

  /** Where capabilities may stand. */
  static final int HEADER_END = 0x40;

  static final int CAPABILITIES_END = 0x100;

  static final int NO_VENDOR = 0xffff;

  static final int COMMAND_MEMORY = 1 << 1;
  static final int COMMAND_BUS_MASTER = 1 << 2;
  static final int COMMAND_INTX_DISABLE = 1 << 10;
  static final int STATUS_CAPABILITIES = 1 << 4;
  static final int HEADER_LAYOUT = 0x7f;
  static final int HEADER_MULTI_FUNCTION = 0x80;

  static final int BAR_IO = 1;
  static final int BAR_TYPE = 3 << 1;
  static final int BAR_64_BIT = 2 << 1;
  static final int BAR_FLAGS = 0xf;

  // MSI-X (PCI, section 6.8.2).
  static final int CAPABILITY_MSI_X = 0x11;
  static final int MSI_X_CONTROL = 2;
  static final int MSI_X_TABLE = 4;
  static final int MSI_X_ENABLE = 1 << 15;
  static final int MSI_X_FUNCTION_MASK = 1 << 14;
  static final int MSI_X_SIZE = 0x7ff;
  static final int MSI_X_BAR = 7;
  static final int ENTRY_SIZE = 16;
  static final int ENTRY_ADDRESS = 0;
  static final int ENTRY_ADDRESS_HIGH = 4;
  static final int ENTRY_DATA = 8;
  static final int ENTRY_CONTROL = 12;
  static final int ENTRY_MASKED = 1;

  private ConfigRegisters() {}
}
