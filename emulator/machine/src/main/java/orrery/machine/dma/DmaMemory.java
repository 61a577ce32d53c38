package orrery.machine.dma;

import java.util.Objects;
import orrery.machine.Ram;

/**
 * What lies behind the DMA ports of all devices of a machine.
 *
 * @param ram the guest's memory
 * @param code told of what is written
 * @param doorbell takes the messages
 */
public record DmaMemory(Ram ram, CodeInvalidation code, MessageDoorbell doorbell) {
  /** Checks that nothing is missing. */
  public DmaMemory {
    Objects.requireNonNull(ram);
    Objects.requireNonNull(code);
    Objects.requireNonNull(doorbell);
  }
}
