package orrery.kernel.hw.pci;

import orrery.kernel.hw.Access;
import orrery.kernel.hw.Register;
import orrery.kernel.hw.RegisterBlock;

/** A GICv2m frame's registers, as far as its driver uses them. */
final class FrameRegisters {
  static final RegisterBlock<FrameRegisters> BLOCK = RegisterBlock.of(FrameRegisters.class, 0x44);

  static final Register.U32<FrameRegisters, Access.ReadOnly> TYPE =
      BLOCK.readOnly32(0x008); // MSI_TYPER

  /** MSI_SETSPI_NS, which devices write to and the kernel never does. */
  static final int DOORBELL = 0x040;

  private FrameRegisters() {}
}
