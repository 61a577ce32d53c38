package orrery.kernel.tty;

import orrery.kernel.hw.Access;
import orrery.kernel.hw.Register;
import orrery.kernel.hw.RegisterBlock;

/** The console control device's registers; {@link ConsoleControl} says what they mean. */
final class ConsoleControlRegisters {
  static final RegisterBlock<ConsoleControlRegisters> BLOCK =
      RegisterBlock.of(ConsoleControlRegisters.class, 0x10);

  static final Register.U32<ConsoleControlRegisters, Access.WriteOneToClear> STATUS =
      BLOCK.writeOneToClear32(0x00);
  static final Register.U32<ConsoleControlRegisters, Access.ReadOnly> COLUMNS =
      BLOCK.readOnly32(0x04);
  static final Register.U32<ConsoleControlRegisters, Access.ReadOnly> ROWS = BLOCK.readOnly32(0x08);
  static final Register.U32<ConsoleControlRegisters, Access.WriteOnly> ACKNOWLEDGE =
      BLOCK.writeOnly32(0x0c);

  private ConsoleControlRegisters() {}
}
