package orrery.machine.pci;

import orrery.machine.MachineException;
import orrery.machine.clock.MachineClock;
import orrery.machine.cpu.DeferredCall;

/** What a machine under construction gives to the providers of its PCI devices. */
public interface PciContext {
  /** The machine's clock. */
  MachineClock clock();

  /**
   * What the machine's owner plugged into a device, such as a disk's image.
   *
   * @return null if nothing is plugged in under that name
   * @throws MachineException if it is not of that type
   */
  <T> T backend(String name, Class<T> type);

  /**
   * Work for the vCPU's thread that other threads can request: a device's way back from the host's
   * threads to the guest's memory.
   */
  DeferredCall deferred(Runnable work);

  /**
   * Ends the machine at once, without the guest: as a power failure does, and with status {@link
   * orrery.machine.Machine#STATUS_FAILED}. On the vCPU's thread.
   *
   * @param reason for the machine's owner, a part of a sentence
   */
  void powerFailed(String reason);
}
