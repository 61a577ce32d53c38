package orrery.driver.nvme;

import orrery.kernel.hw.Access.WriteOnly;
import orrery.kernel.hw.Register;
import orrery.kernel.hw.RegisterBlock;

/** One doorbell (PCIe Transport, sections 3.1.2.1 and 3.1.2.2). */
final class Doorbell {
  static final RegisterBlock<Doorbell> BLOCK = RegisterBlock.of(Doorbell.class, 4);
  static final Register.U32<Doorbell, WriteOnly> INDEX = BLOCK.writeOnly32(0);

  private Doorbell() {}
}
