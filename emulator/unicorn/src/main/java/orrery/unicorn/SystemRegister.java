package orrery.unicorn;

/**
 * The encoding of an AArch64 system register (ARM DDI 0487, C5).
 *
 * @param op0 0 to 3
 * @param op1 0 to 7
 * @param crn 0 to 15
 * @param crm 0 to 15
 * @param op2 0 to 7
 */
public record SystemRegister(int op0, int op1, int crn, int crm, int op2) {
  /** Layout of {@code uc_arm64_cp_reg}: offset of crn, then crm, op0, op1, op2, 4 bytes each. */
  static final long CRN = 0;

  static final long CRM = 4;
  static final long OP0 = 8;
  static final long OP1 = 12;
  static final long OP2 = 16;
  static final long VALUE = 24;
  static final long SIZE = 32;

  /** Checks the ranges. */
  public SystemRegister {
    if ((op0 & ~3 | op1 & ~7 | crn & ~15 | crm & ~15 | op2 & ~7) != 0) {
      throw new IllegalArgumentException("no system register has this encoding");
    }
  }

  /** The generic name, as assemblers accept it. */
  @Override
  public String toString() {
    return "S" + op0 + "_" + op1 + "_C" + crn + "_C" + crm + "_" + op2;
  }
}
