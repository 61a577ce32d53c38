package orrery.machine.pci;

/**
 * A device model that is one function of PCI. The host calls {@link #configuration} once, then
 * {@link #connected} once, then the rest as things happen, on the vCPU's thread.
 */
public interface PciDevice {
  /** What the function looks like in reset. */
  PciConfiguration configuration();

  /** The function is on the bus; it is the device's way to interrupts and memory. */
  void connected(PciFunction function);

  /**
   * Everything as after power-on: a function-level reset, or one of the machine. Configuration
   * space and MSI-X are in reset already. Work in flight is to be given up.
   */
  void reset();

  /**
   * The machine is off: let nothing the guest handed over be lost, and free what the device holds.
   *
   * @param deadline {@link System#nanoTime} after which waiting for the host must end; {@link
   *     Long#MAX_VALUE} for none
   */
  default void powerOff(long deadline) {}
}
