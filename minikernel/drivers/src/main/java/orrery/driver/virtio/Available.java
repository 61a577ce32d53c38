package orrery.driver.virtio;

import orrery.kernel.hw.Field;
import orrery.kernel.hw.RingLayout;

/** The available ring (2.7.6): what the driver offers. */
final class Available {
  static final RingLayout<Available> LAYOUT = RingLayout.of(Available.class, 4, 2, 2);
  static final Field.Header16<Available> INDEX = LAYOUT.header16(2);
  static final Field.U16<Available> HEAD = LAYOUT.u16(0);

  private Available() {}
}
