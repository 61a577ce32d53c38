package orrery.machine.irq;

/** Registers and fields of the GICv2 (Arm IHI 0048B.b), named as there. */
final class GicRegisters {
  // Distributor, section 4.1.2: byte offsets.
  static final int GICD_CTLR = 0x000;
  static final int GICD_TYPER = 0x004;
  static final int GICD_IIDR = 0x008;
  static final int GICD_IGROUPR = 0x080;
  static final int GICD_ISENABLER = 0x100;
  static final int GICD_ICENABLER = 0x180;
  static final int GICD_ISPENDR = 0x200;
  static final int GICD_ICPENDR = 0x280;
  static final int GICD_ISACTIVER = 0x300;
  static final int GICD_ICACTIVER = 0x380;
  static final int GICD_IPRIORITYR = 0x400;
  static final int GICD_ITARGETSR = 0x800;
  static final int GICD_ICFGR = 0xc00;
  static final int GICD_NSACR = 0xe00;
  static final int GICD_SGIR = 0xf00;
  static final int GICD_CPENDSGIR = 0xf10;
  static final int GICD_SPENDSGIR = 0xf20;
  static final int GICD_SPENDSGIR_END = 0xf30;
  static final int GICD_ICPIDR2 = 0xfe8;

  /** One bit for each of 1024 interrupts: the size of a bitmap's range, in bytes. */
  static final int BITMAP_SIZE = 0x80;

  /** GICD_CTLR (4.3.1): forward pending interrupts of group 0 and of group 1. */
  static final int ENABLE_GROUP_0 = 1;

  static final int ENABLE_GROUP_1 = 1 << 1;

  /** GICD_TYPER (4.3.2). */
  static final int TYPER_CPU_NUMBER_SHIFT = 5;

  /** Implementer Arm, as software expects of a GIC without quirks; the rest is ours. */
  static final int IIDR_IMPLEMENTER_ARM = 0x43b;

  /** GICD_ICPIDR2: architecture revision 2 in bits 7:4. */
  static final int ICPIDR2_GICV2 = 0x2b;

  // GICD_SGIR (4.3.15).
  static final int SGIR_FILTER_SHIFT = 24;
  static final int SGIR_FILTER_MASK = 3;
  static final int SGIR_FILTER_LIST = 0;
  static final int SGIR_FILTER_OTHERS = 1;
  static final int SGIR_FILTER_SELF = 2;
  static final int SGIR_TARGETS_SHIFT = 16;
  static final int SGIR_TARGETS_MASK = 0xff;
  static final int SGIR_INTID_MASK = 0xf;

  // CPU interface, section 4.1.3: byte offsets.
  static final int GICC_CTLR = 0x00;
  static final int GICC_PMR = 0x04;
  static final int GICC_BPR = 0x08;
  static final int GICC_IAR = 0x0c;
  static final int GICC_EOIR = 0x10;
  static final int GICC_RPR = 0x14;
  static final int GICC_HPPIR = 0x18;
  static final int GICC_ABPR = 0x1c;
  static final int GICC_AIAR = 0x20;
  static final int GICC_AEOIR = 0x24;
  static final int GICC_AHPPIR = 0x28;
  static final int GICC_APR = 0xd0;
  static final int GICC_NSAPR = 0xe0;
  static final int GICC_IIDR = 0xfc;
  static final int GICC_DIR = 0x1000;

  /** GICC_CTLR (4.4.1), as seen without the Security Extensions. */
  static final int CTLR_ACK_CTL = 1 << 2;

  static final int CTLR_CBPR = 1 << 4;
  static final int CTLR_EOI_MODE = 1 << 9;

  /**
   * What can be written. FIQEn and the bypass bits read as zero: the CPU's FIQ input and the legacy
   * inputs are not wired.
   */
  static final int CTLR_WRITABLE =
      ENABLE_GROUP_0 | ENABLE_GROUP_1 | CTLR_ACK_CTL | CTLR_CBPR | CTLR_EOI_MODE;

  /** GICC_IIDR (4.4.14): architecture version 2 in bits 19:16. */
  static final int GICC_IIDR_VALUE = 2 << 16 | IIDR_IMPLEMENTER_ARM;

  // GICC_IAR (4.4.4).
  static final int INTID_MASK = 0x3ff;
  static final int SOURCE_CPU_SHIFT = 10;
  static final int SOURCE_CPU_MASK = 7;

  /** Acknowledged by the wrong register for its group (3.2.3). */
  static final int INTID_OTHER_GROUP = 1022;

  /** Nothing to acknowledge. */
  static final int INTID_SPURIOUS = 1023;

  private GicRegisters() {}
}
