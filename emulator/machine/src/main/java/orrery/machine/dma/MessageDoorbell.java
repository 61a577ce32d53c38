package orrery.machine.dma;

/** Where writes of message-signalled interrupts go: registers that devices write to by DMA. */
@FunctionalInterface
public interface MessageDoorbell {
  /**
   * A device writes a word. Any thread.
   *
   * @param address guest-physical address
   * @return whether the doorbell lies at that address
   */
  boolean message(long address, int data);
}
