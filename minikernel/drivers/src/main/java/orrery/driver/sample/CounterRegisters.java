package orrery.driver.sample;

import orrery.kernel.hw.Access.ReadOnly;
import orrery.kernel.hw.Access.ReadWrite;
import orrery.kernel.hw.Access.WriteOneToClear;
import orrery.kernel.hw.Register;
import orrery.kernel.hw.RegisterBlock;

/** The counter's registers. */
final class CounterRegisters {
  static final RegisterBlock<CounterRegisters> BLOCK =
      RegisterBlock.of(CounterRegisters.class, 0x10);

  /** How far it has counted. */
  static final Register.U32<CounterRegisters, ReadOnly> VALUE = BLOCK.readOnly32(0x0);

  /** Where it stops and interrupts; a write starts it anew. */
  static final Register.U32<CounterRegisters, ReadWrite> LIMIT = BLOCK.readWrite32(0x4);

  /** Bit 0: the limit was reached. */
  static final Register.U32<CounterRegisters, WriteOneToClear> STATUS =
      BLOCK.writeOneToClear32(0x8);

  static final int STATUS_REACHED = 1;

  private CounterRegisters() {}
}
