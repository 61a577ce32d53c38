package orrery.kernel.hw;

/** The CPU interface of a GICv2. Source: ARM IHI 0048B, section 4.4. */
final class CpuInterfaceRegisters {
  static final RegisterBlock<CpuInterfaceRegisters> BLOCK =
      RegisterBlock.of(CpuInterfaceRegisters.class, 0x100);

  static final Register.U32<CpuInterfaceRegisters, Access.ReadWrite> CONTROL =
      BLOCK.readWrite32(0x00); // GICC_CTLR
  static final Register.U32<CpuInterfaceRegisters, Access.ReadWrite> PRIORITY_MASK =
      BLOCK.readWrite32(0x04); // GICC_PMR
  static final Register.U32<CpuInterfaceRegisters, Access.ReadOnly> ACKNOWLEDGE =
      BLOCK.readOnly32(0x0c); // GICC_IAR
  static final Register.U32<CpuInterfaceRegisters, Access.WriteOnly> END =
      BLOCK.writeOnly32(0x10); // GICC_EOIR

  private CpuInterfaceRegisters() {}
}
