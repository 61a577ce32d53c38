package orrery.kernel.tty;

import orrery.kernel.hw.Access;
import orrery.kernel.hw.Register;
import orrery.kernel.hw.RegisterBlock;

/** The PL011's registers, as far as its driver uses them. Source: ARM DDI 0183G, chapter 3. */
final class SerialRegisters {
  static final RegisterBlock<SerialRegisters> BLOCK = RegisterBlock.of(SerialRegisters.class, 0x48);

  static final Register.U32<SerialRegisters, Access.ReadWrite> DATA =
      BLOCK.readWrite32(0x00); // UARTDR
  static final Register.U32<SerialRegisters, Access.ReadOnly> FLAGS =
      BLOCK.readOnly32(0x18); // UARTFR
  static final Register.U32<SerialRegisters, Access.ReadWrite> LINE_CONTROL =
      BLOCK.readWrite32(0x2c); // UARTLCR_H
  static final Register.U32<SerialRegisters, Access.ReadWrite> CONTROL =
      BLOCK.readWrite32(0x30); // UARTCR
  static final Register.U32<SerialRegisters, Access.ReadWrite> INTERRUPT_MASK =
      BLOCK.readWrite32(0x38); // UARTIMSC
  static final Register.U32<SerialRegisters, Access.WriteOnly> INTERRUPT_CLEAR =
      BLOCK.writeOnly32(0x44); // UARTICR

  private SerialRegisters() {}
}
