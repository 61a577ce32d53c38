package orrery.kernel.task;

/**
 * MRS, MSR and SYS instructions: the register they name, as one number, and what the kernel answers
 * a program that reads an identification register, which the architecture keeps from EL0.
 *
 * <p>Source: DDI 0487 (C5.1, system instruction encodings); Linux {@code
 * Documentation/arm64/cpu-feature-registers.rst}. The values are those of the CPU model, a
 * Cortex-A72.
 */
final class SystemInstruction {
  /** What {@link #identification} answers for a register that is not emulated. */
  static final long NOT_EMULATED = -1;

  static final int CTR_EL0 = register(3, 3, 0, 0, 1);
  static final int DC_CVAC = register(1, 3, 7, 10, 1);
  static final int DC_CVAU = register(1, 3, 7, 11, 1);
  static final int DC_CVAP = register(1, 3, 7, 12, 1);
  static final int DC_CIVAC = register(1, 3, 7, 14, 1);
  static final int IC_IVAU = register(1, 3, 7, 5, 1);

  /** Bytes in a line of the caches, as CTR_EL0 says. */
  static final int CACHE_LINE = 64;

  private static final int MIDR_EL1 = register(3, 0, 0, 0, 0);
  private static final int MPIDR_EL1 = register(3, 0, 0, 0, 5);
  private static final int REVIDR_EL1 = register(3, 0, 0, 0, 6);
  private static final int ID_AA64PFR0_EL1 = register(3, 0, 0, 4, 0);
  private static final int ID_AA64ISAR0_EL1 = register(3, 0, 0, 6, 0);

  private static final long MIDR = 0x410f_d083L;
  private static final long CTR = 0x8444_c004L;

  /** One processor, affinity 0; bit 31 is always set. */
  private static final long MPIDR = 0x8000_0000L;

  /** AArch64 only; floating point and SIMD without half precision. */
  private static final long PFR0 = 0x11;

  /** AES with PMULL, SHA1, SHA256, CRC32. */
  private static final long ISAR0 = 0x1_1120;

  private static final int MRS_OR_MSR = 0xd500_0000;
  private static final int MRS_OR_MSR_MASK = 0xffc0_0000;
  private static final int READ = 1 << 21;

  private SystemInstruction() {}

  /** A register by its encoding. */
  static int register(int op0, int op1, int crn, int crm, int op2) {
    return op0 << 14 | op1 << 11 | crn << 7 | crm << 3 | op2;
  }

  /** The register that an instruction of the MRS, MSR and SYS family names. */
  static int registerOf(int instruction) {
    return instruction >>> 5 & 0xffff;
  }

  /** The register in the ISS of a trapped access (EC 0x18). */
  static int registerOfSyndrome(int syndrome) {
    return register(
        syndrome >>> 20 & 3,
        syndrome >>> 14 & 7,
        syndrome >>> 10 & 15,
        syndrome >>> 1 & 15,
        syndrome >>> 17 & 7);
  }

  /** The general register of such an access. */
  static int targetOfSyndrome(int syndrome) {
    return syndrome >>> 5 & 31;
  }

  /** True if the trapped access reads. */
  static boolean readsBySyndrome(int syndrome) {
    return (syndrome & 1) != 0;
  }

  /** True for MRS. */
  static boolean isRead(int instruction) {
    return (instruction & MRS_OR_MSR_MASK) == MRS_OR_MSR && (instruction & READ) != 0;
  }

  /** The general register of an instruction. */
  static int targetOf(int instruction) {
    return instruction & 31;
  }

  /** The value of {@code register} for a program, {@link #NOT_EMULATED} if it has none. */
  static long identification(int register) {
    if (register == MIDR_EL1) {
      return MIDR;
    } else if (register == MPIDR_EL1) {
      return MPIDR;
    } else if (register == REVIDR_EL1) {
      return 0;
    } else if (register == ID_AA64PFR0_EL1) {
      return PFR0;
    } else if (register == ID_AA64ISAR0_EL1) {
      return ISAR0;
    } else if (register == CTR_EL0) {
      return CTR;
    }
    // the rest of op0 = 3, op1 = 0, CRn = 0, CRm = 2 to 7 reads as zero: no optional feature
    int fixed = register & ~(7 << 3 | 7);
    int crm = register >>> 3 & 15;
    return fixed == MIDR_EL1 && crm >= 2 ? 0 : NOT_EMULATED;
  }
}
