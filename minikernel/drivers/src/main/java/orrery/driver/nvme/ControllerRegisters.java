package orrery.driver.nvme;

import orrery.kernel.hw.Access.ReadOnly;
import orrery.kernel.hw.Access.ReadWrite;
import orrery.kernel.hw.Access.WriteOnly;
import orrery.kernel.hw.Register;
import orrery.kernel.hw.RegisterBlock;

/** Controller properties (Base, section 3.1.3), named as there. */
final class ControllerRegisters {
  static final RegisterBlock<ControllerRegisters> BLOCK =
      RegisterBlock.of(ControllerRegisters.class, 0x1000);

  static final Register.U64<ControllerRegisters, ReadOnly> CAP = BLOCK.readOnly64(0x00);
  static final Register.U32<ControllerRegisters, ReadOnly> VS = BLOCK.readOnly32(0x08);
  static final Register.U32<ControllerRegisters, ReadWrite> CC = BLOCK.readWrite32(0x14);
  static final Register.U32<ControllerRegisters, ReadOnly> CSTS = BLOCK.readOnly32(0x1c);
  static final Register.U32<ControllerRegisters, WriteOnly> NSSR = BLOCK.writeOnly32(0x20);
  static final Register.U32<ControllerRegisters, ReadWrite> AQA = BLOCK.readWrite32(0x24);
  static final Register.U64<ControllerRegisters, ReadWrite> ASQ = BLOCK.readWrite64(0x28);
  static final Register.U64<ControllerRegisters, ReadWrite> ACQ = BLOCK.readWrite64(0x30);
  static final Register.U32<ControllerRegisters, ReadOnly> CRTO = BLOCK.readOnly32(0x68);

  // CAP, figure 36.
  static final int CAP_MQES_MASK = 0xffff;
  static final int CAP_TO_SHIFT = 24;
  static final int CAP_TO_MASK = 0xff;
  static final int CAP_DSTRD_SHIFT = 32;
  static final int CAP_DSTRD_MASK = 0xf;
  static final long CAP_NSSRS = 1L << 36;
  static final long CAP_CSS_NVM = 1L << 37;
  static final int CAP_MPSMIN_SHIFT = 48;
  static final int CAP_MPSMIN_MASK = 0xf;
  static final long CAP_CRWMS = 1L << 59;

  // CC, figure 41: NVM command set, pages of 4 KiB, round robin, entries of 64 and 16 bytes.
  static final int CC_EN = 1;
  static final int CC_SHN_NORMAL = 1 << 14;
  static final int CC_SHN_MASK = 3 << 14;
  static final int CC_IOSQES_64 = 6 << 16;
  static final int CC_IOCQES_16 = 4 << 20;

  // CSTS, figure 42.
  static final int CSTS_RDY = 1;
  static final int CSTS_CFS = 1 << 1;
  static final int CSTS_SHST_MASK = 3 << 2;
  static final int CSTS_SHST_COMPLETE = 2 << 2;

  /** What a read of anything gives once the device is gone (PCI, section 3.3.3.1). */
  static final int ALL_ONES = -1;

  /** NSSR: "NVMe". */
  static final int NSSR_RESET = 0x4e56_4d65;

  static final int AQA_ACQS_SHIFT = 16;

  /** CRTO, figure 60: Controller Ready With Media Timeout. */
  static final int CRTO_CRWMT_MASK = 0xffff;

  /** Unit of CAP.TO and CRTO in nanoseconds. */
  static final long TIMEOUT_UNIT = 500_000_000;

  /** The first doorbell (PCIe Transport, section 3.1.2). */
  static final int DOORBELLS = 0x1000;

  private ControllerRegisters() {}
}
