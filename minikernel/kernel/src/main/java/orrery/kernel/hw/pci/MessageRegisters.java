package orrery.kernel.hw.pci;

import orrery.kernel.hw.Access;
import orrery.kernel.hw.Register;
import orrery.kernel.hw.RegisterBlock;

/** One entry of an MSI-X table (PCI, section 6.8.2.9). */
final class MessageRegisters {
  static final RegisterBlock<MessageRegisters> BLOCK = RegisterBlock.of(MessageRegisters.class, 16);

  static final Register.U32<MessageRegisters, Access.ReadWrite> ADDRESS = BLOCK.readWrite32(0);
  static final Register.U32<MessageRegisters, Access.ReadWrite> ADDRESS_HIGH = BLOCK.readWrite32(4);
  static final Register.U32<MessageRegisters, Access.ReadWrite> DATA = BLOCK.readWrite32(8);
  static final Register.U32<MessageRegisters, Access.ReadWrite> CONTROL = BLOCK.readWrite32(12);

  /** CONTROL: the message is not sent. */
  static final int MASKED = 1;

  private MessageRegisters() {}
}
