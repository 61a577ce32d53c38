package orrery.driver.nvme;

import orrery.kernel.hw.Field;
import orrery.kernel.hw.RingLayout;

/** A completion queue entry (Base, figure 90). */
final class CompletionEntry {
  static final RingLayout<CompletionEntry> LAYOUT = RingLayout.of(CompletionEntry.class, 16);

  /** Dwords 0 and 1. */
  static final Field.U64<CompletionEntry> RESULT = LAYOUT.u64(0);

  static final Field.U16<CompletionEntry> ID = LAYOUT.u16(12);

  /** The phase tag, and the status above it. */
  static final Field.U16<CompletionEntry> STATUS = LAYOUT.u16(14);

  static final int PHASE = 1;
  static final int STATUS_SHIFT = 1;

  private CompletionEntry() {}
}
