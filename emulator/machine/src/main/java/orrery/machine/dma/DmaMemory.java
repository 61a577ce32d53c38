package orrery.machine.dma;

import java.util.Objects;
import orrery.machine.Ram;

/**
 * What lies behind the DMA ports of all devices of a machine.
 *
 * @param ram the guest's memory
 * @param code told of what is written
 * @param doorbell takes the messages
 * @param guard confines the devices
 */
public record DmaMemory(Ram ram, CodeInvalidation code, MessageDoorbell doorbell, DmaGuard guard) {
  /** Memory that every device reaches. */
  public DmaMemory(Ram ram, CodeInvalidation code, MessageDoorbell doorbell) {
    this(ram, code, doorbell, DmaGuard.off());
  }

  /** Checks that nothing is missing. */
  public DmaMemory {
    Objects.requireNonNull(ram);
    Objects.requireNonNull(code);
    Objects.requireNonNull(doorbell);
    Objects.requireNonNull(guard);
  }
}
