package orrery.kernel.hw;

/** The distributor of a GICv2. Source: ARM IHI 0048B, section 4.3. */
final class DistributorRegisters {
  static final RegisterBlock<DistributorRegisters> BLOCK =
      RegisterBlock.of(DistributorRegisters.class, 0x1000);

  /** Interrupts that the largest controller has. */
  private static final int INTERRUPTS = 1024;

  private static final int PER_BIT = INTERRUPTS / Integer.SIZE;
  private static final int PER_BYTE = INTERRUPTS / Integer.BYTES;
  private static final int PER_TWO_BITS = 2 * INTERRUPTS / Integer.SIZE;

  static final Register.U32<DistributorRegisters, Access.ReadWrite> CONTROL =
      BLOCK.readWrite32(0x000); // GICD_CTLR
  static final Register.U32<DistributorRegisters, Access.ReadOnly> TYPE =
      BLOCK.readOnly32(0x004); // GICD_TYPER
  static final Register.U32Array<DistributorRegisters, Access.ReadWrite> SET_ENABLE =
      BLOCK.readWrite32(0x100, PER_BIT); // GICD_ISENABLERn
  static final Register.U32Array<DistributorRegisters, Access.WriteOneToClear> ENABLED =
      BLOCK.writeOneToClear32(0x180, PER_BIT); // GICD_ICENABLERn
  static final Register.U32Array<DistributorRegisters, Access.WriteOneToClear> PENDING =
      BLOCK.writeOneToClear32(0x280, PER_BIT); // GICD_ICPENDRn
  static final Register.U32Array<DistributorRegisters, Access.ReadWrite> PRIORITY =
      BLOCK.readWrite32(0x400, PER_BYTE); // GICD_IPRIORITYRn
  static final Register.U32Array<DistributorRegisters, Access.ReadWrite> TARGETS =
      BLOCK.readWrite32(0x800, PER_BYTE); // GICD_ITARGETSRn
  static final Register.U32Array<DistributorRegisters, Access.ReadWrite> CONFIGURATION =
      BLOCK.readWrite32(0xc00, PER_TWO_BITS); // GICD_ICFGRn

  private DistributorRegisters() {}
}
