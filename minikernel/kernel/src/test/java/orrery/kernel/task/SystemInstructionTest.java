package orrery.kernel.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class SystemInstructionTest {
  /** mrs x5, midr_el1 */
  private static final int MRS_MIDR = 0xd538_0005;

  /** mrs x1, id_aa64isar0_el1 */
  private static final int MRS_ISAR0 = 0xd538_0601;

  /** mrs x1, id_aa64mmfr2_el1 */
  private static final int MRS_MMFR2 = 0xd538_0741;

  /** mrs x1, sctlr_el1 */
  private static final int MRS_SCTLR = 0xd538_1001;

  /** msr sctlr_el1, x1 */
  private static final int MSR_SCTLR = 0xd518_1001;

  private static long read(int instruction) {
    return SystemInstruction.identification(SystemInstruction.registerOf(instruction));
  }

  @Test
  void identificationRegistersAreEmulated() {
    assertTrue(SystemInstruction.isRead(MRS_MIDR));
    assertEquals(5, SystemInstruction.targetOf(MRS_MIDR));
    assertEquals(0x410f_d083L, read(MRS_MIDR));
    assertEquals(0x1_1120, read(MRS_ISAR0));
    assertEquals(0, read(MRS_MMFR2));
  }

  @Test
  void controlRegistersAreNot() {
    assertTrue(SystemInstruction.isRead(MRS_SCTLR));
    assertEquals(SystemInstruction.NOT_EMULATED, read(MRS_SCTLR));
    assertFalse(SystemInstruction.isRead(MSR_SCTLR));
    assertFalse(SystemInstruction.isRead(0));
  }

  @Test
  void trappedCacheMaintenanceIsRecognised() {
    int op0 = 1;
    int op1 = 3;
    int crn = 7;
    int crm = 5;
    int op2 = 1;
    int syndrome =
        0x18 << 26 | 1 << 25 | op0 << 20 | op2 << 17 | op1 << 14 | crn << 10 | 3 << 5 | crm << 1;
    assertEquals(SystemInstruction.IC_IVAU, SystemInstruction.registerOfSyndrome(syndrome));
    assertEquals(3, SystemInstruction.targetOfSyndrome(syndrome));
    assertFalse(SystemInstruction.readsBySyndrome(syndrome));
    assertEquals(Syndrome.SYSTEM_REGISTER, Syndrome.exceptionClass(syndrome));
  }
}
