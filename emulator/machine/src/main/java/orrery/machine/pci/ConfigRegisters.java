package orrery.machine.pci;

/** Registers and bits of configuration space, named as in the specifications. */
final class ConfigRegisters {
  // Type 0 header (PCI, section 6.1): byte offsets.
  static final int VENDOR_ID = 0x00;
  static final int DEVICE_ID = 0x02;
  static final int COMMAND = 0x04;
  static final int STATUS = 0x06;
  static final int REVISION_ID = 0x08;
  static final int CLASS_CODE = 0x09;
  static final int CACHE_LINE_SIZE = 0x0c;
  static final int HEADER_TYPE = 0x0e;
  static final int BASE_ADDRESS = 0x10;
  static final int SUBSYSTEM_VENDOR_ID = 0x2c;
  static final int SUBSYSTEM_ID = 0x2e;
  static final int CAPABILITIES = 0x34;
  static final int INTERRUPT_LINE = 0x3c;
  static final int INTERRUPT_PIN = 0x3d;
  static final int HEADER_END = 0x40;

  static final int BASE_ADDRESSES = 6;

  /** Where capabilities of the first 256 bytes end. */
  static final int CAPABILITIES_END = 0x100;

  // Command (PCI, section 6.2.2).
  static final int COMMAND_IO = 1;
  static final int COMMAND_MEMORY = 1 << 1;
  static final int COMMAND_BUS_MASTER = 1 << 2;
  static final int COMMAND_PARITY = 1 << 6;
  static final int COMMAND_SERR = 1 << 8;
  static final int COMMAND_INTX_DISABLE = 1 << 10;

  // Status (PCI, section 6.2.3).
  static final int STATUS_INTERRUPT = 1 << 3;
  static final int STATUS_CAPABILITIES = 1 << 4;

  /** The error bits; a one written clears them. */
  static final int STATUS_ERRORS = 0xf900;

  static final int HEADER_MULTI_FUNCTION = 0x80;

  // Base address registers (PCI, section 6.2.5.1).
  static final int BAR_IO = 1;
  static final int BAR_64_BIT = 2 << 1;
  static final int BAR_PREFETCHABLE = 1 << 3;
  static final int BAR_MEMORY_FLAGS = 0xf;
  static final int BAR_IO_FLAGS = 0x3;

  /** Interrupt pin INTA. */
  static final int PIN_A = 1;

  // Capability identifiers (PCI, appendix H).
  static final int CAPABILITY_POWER = 0x01;
  static final int CAPABILITY_VENDOR = 0x09;
  static final int CAPABILITY_EXPRESS = 0x10;
  static final int CAPABILITY_MSI_X = 0x11;

  /** Every capability starts with its identifier and the offset of the next one. */
  static final int CAPABILITY_NEXT = 1;

  // Power management (PCI-PM, section 3.2).
  static final int POWER_LENGTH = 8;
  static final int POWER_CAPABILITIES = 2;
  static final int POWER_CONTROL = 4;
  static final int POWER_VERSION_1_2 = 3;
  static final int POWER_STATE_MASK = 3;
  static final int POWER_NO_SOFT_RESET = 1 << 3;

  // PCI Express (PCIe, section 7.5.3).
  static final int EXPRESS_LENGTH = 0x3c;
  static final int EXPRESS_CAPABILITIES = 0x02;
  static final int EXPRESS_DEVICE_CAPABILITIES = 0x04;
  static final int EXPRESS_DEVICE_CONTROL = 0x08;
  static final int EXPRESS_DEVICE_STATUS = 0x0a;
  static final int EXPRESS_VERSION_2 = 2;
  static final int EXPRESS_TYPE_SHIFT = 4;

  /** Device/port type: an endpoint that is part of the root complex, below no root port. */
  static final int EXPRESS_INTEGRATED_ENDPOINT = 9;

  static final int DEVICE_ROLE_BASED_ERRORS = 1 << 15;
  static final int DEVICE_FUNCTION_RESET = 1 << 28;

  /** Device Control: error reporting, ordering, payload and read request sizes. */
  static final int DEVICE_CONTROL_WRITABLE = 0x78ff;

  /** Device Control at reset: relaxed ordering and no snoop allowed, requests of 512 bytes. */
  static final int DEVICE_CONTROL_RESET = 0x2810;

  static final int DEVICE_CONTROL_INITIATE_RESET = 1 << 15;
  static final int DEVICE_STATUS_ERRORS = 0xf;

  // MSI-X (PCI, section 6.8.2).
  static final int MSI_X_LENGTH = 12;
  static final int MSI_X_CONTROL = 2;
  static final int MSI_X_TABLE = 4;
  static final int MSI_X_PENDING = 8;
  static final int MSI_X_ENABLE = 1 << 15;
  static final int MSI_X_FUNCTION_MASK = 1 << 14;

  private ConfigRegisters() {}
}
