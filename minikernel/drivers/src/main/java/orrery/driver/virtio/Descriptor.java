package orrery.driver.virtio;

import orrery.kernel.hw.Field;
import orrery.kernel.hw.RingLayout;

/** A descriptor of a split virtqueue (2.7.5). */
final class Descriptor {
  static final RingLayout<Descriptor> LAYOUT = RingLayout.of(Descriptor.class, 16);
  static final Field.U64<Descriptor> ADDRESS = LAYOUT.u64(0);
  static final Field.U32<Descriptor> LENGTH = LAYOUT.u32(8);
  static final Field.U16<Descriptor> FLAGS = LAYOUT.u16(12);

  /** The device writes; else it reads. */
  static final int F_WRITE = 2;

  private Descriptor() {}
}
