package orrery.driver.nvme;

import orrery.kernel.hw.Field;
import orrery.kernel.hw.RingLayout;

/** An entry of a PRP list (Base, section 4.1.1); two of them hold an SGL descriptor (4.1.2.1). */
final class PageEntry {
  static final RingLayout<PageEntry> LAYOUT = RingLayout.of(PageEntry.class, 8);
  static final Field.U64<PageEntry> ADDRESS = LAYOUT.u64(0);

  private PageEntry() {}
}
