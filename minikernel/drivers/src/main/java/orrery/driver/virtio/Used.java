package orrery.driver.virtio;

import orrery.kernel.hw.Field;
import orrery.kernel.hw.RingLayout;

/** The used ring (2.7.8): what the device gives back. */
final class Used {
  static final RingLayout<Used> LAYOUT = RingLayout.of(Used.class, 4, 8, 2);
  static final Field.Header16<Used> INDEX = LAYOUT.header16(2);
  static final Field.U32<Used> HEAD = LAYOUT.u32(0);
  static final Field.U32<Used> WRITTEN = LAYOUT.u32(4);

  private Used() {}
}
