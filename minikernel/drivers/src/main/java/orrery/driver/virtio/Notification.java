package orrery.driver.virtio;

import orrery.kernel.hw.Access.WriteOnly;
import orrery.kernel.hw.Register;
import orrery.kernel.hw.RegisterBlock;

/** The place where one queue is notified (4.1.4.4). */
final class Notification {
  static final RegisterBlock<Notification> BLOCK = RegisterBlock.of(Notification.class, 2);
  static final Register.U16<Notification, WriteOnly> QUEUE = BLOCK.writeOnly16(0);

  private Notification() {}
}
