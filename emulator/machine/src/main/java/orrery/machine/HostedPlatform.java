package orrery.machine;

import orrery.machine.bus.Bus;
import orrery.machine.clock.MachineClock;
import orrery.machine.cpu.Vcpu;
import orrery.machine.dma.DmaGuard;

/** The hardware as a hosted kernel finds it. */
public interface HostedPlatform {
  /** The guest's memory; what the device tree and the initial file system occupy is in use. */
  Ram ram();

  /** The devices' registers; what is where stands in the device tree. */
  Bus bus();

  /** The CPU. */
  Vcpu cpu();

  /** The clock. */
  MachineClock clock();

  /** What confines devices to the memory that they are lent. */
  DmaGuard dmaGuard();

  /** Guest-physical address of the flattened device tree. */
  long deviceTree();

  /**
   * Switches the machine off once the current trap returns; devices deliver what they hold first.
   *
   * @param status the machine's exit status, 0 to 255
   */
  void powerOff(int status);

  /** Whether the user wants to hear about what goes on inside. */
  boolean verbose();
}
