package orrery.kernel.hw.pci;

import orrery.kernel.hw.Access;
import orrery.kernel.hw.Register;
import orrery.kernel.hw.RegisterBlock;

/** Registers and bits of configuration space (PCI, chapter 6), as far as the core uses them. */
final class ConfigRegisters {
  /** Configuration space of one function (PCI Firmware 3.2, section 4.1). */
  static final int SIZE = 4096;

  static final RegisterBlock<ConfigRegisters> BLOCK = RegisterBlock.of(ConfigRegisters.class, SIZE);

  static final int BASE_ADDRESSES = 6;

  static final Register.U16<ConfigRegisters, Access.ReadOnly> VENDOR_ID = BLOCK.readOnly16(0x00);
  static final Register.U16<ConfigRegisters, Access.ReadOnly> DEVICE_ID = BLOCK.readOnly16(0x02);
  static final Register.U16<ConfigRegisters, Access.ReadWrite> COMMAND = BLOCK.readWrite16(0x04);
  static final Register.U16<ConfigRegisters, Access.WriteOneToClear> STATUS =
      BLOCK.writeOneToClear16(0x06);
  static final Register.U32<ConfigRegisters, Access.ReadOnly> CLASS_REVISION =
      BLOCK.readOnly32(0x08);
  static final Register.U8<ConfigRegisters, Access.ReadOnly> HEADER_TYPE = BLOCK.readOnly8(0x0e);
  static final Register.U32Array<ConfigRegisters, Access.ReadWrite> BASE_ADDRESS =
      BLOCK.readWrite32(0x10, BASE_ADDRESSES);
  static final Register.U16<ConfigRegisters, Access.ReadOnly> SUBSYSTEM_VENDOR_ID =
      BLOCK.readOnly16(0x2c);
  static final Register.U16<ConfigRegisters, Access.ReadOnly> SUBSYSTEM_ID = BLOCK.readOnly16(0x2e);
  static final Register.U8<ConfigRegisters, Access.ReadOnly> CAPABILITIES = BLOCK.readOnly8(0x34);

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

  private ConfigRegisters() {}
}
