package orrery.driver.nvme;

import orrery.kernel.hw.Field;
import orrery.kernel.hw.RingLayout;

/** A submission queue entry (Base, figure 87), two dwords a field. */
final class SubmissionEntry {
  static final RingLayout<SubmissionEntry> LAYOUT = RingLayout.of(SubmissionEntry.class, 64);

  /** Opcode, flags, command identifier; namespace. */
  static final Field.U64<SubmissionEntry> COMMAND = LAYOUT.u64(0);

  static final Field.U64<SubmissionEntry> DWORDS_2 = LAYOUT.u64(8);
  static final Field.U64<SubmissionEntry> METADATA = LAYOUT.u64(16);

  /** PRP entry 1, or the first half of an SGL descriptor. */
  static final Field.U64<SubmissionEntry> DATA_1 = LAYOUT.u64(24);

  /** PRP entry 2, or the second half of an SGL descriptor. */
  static final Field.U64<SubmissionEntry> DATA_2 = LAYOUT.u64(32);

  static final Field.U64<SubmissionEntry> DWORDS_10 = LAYOUT.u64(40);
  static final Field.U64<SubmissionEntry> DWORDS_12 = LAYOUT.u64(48);
  static final Field.U64<SubmissionEntry> DWORDS_14 = LAYOUT.u64(56);

  // Dword 0.
  static final int PSDT_SGL = 1 << 14;
  static final int ID_SHIFT = 16;

  private static final long UNSIGNED = 0xffff_ffffL;

  private SubmissionEntry() {}

  /** Two dwords as one field. */
  static long pair(int low, int high) {
    return low & UNSIGNED | (long) high << Integer.SIZE;
  }
}
