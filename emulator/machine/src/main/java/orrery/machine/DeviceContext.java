package orrery.machine;

import orrery.machine.clock.MachineClock;
import orrery.machine.irq.InterruptLine;

/** What a machine under construction gives to the providers of its devices. */
public interface DeviceContext {
  /** The machine's clock. */
  MachineClock clock();

  /**
   * The line of a shared peripheral interrupt.
   *
   * @param spi its number, 0 being INTID 32
   * @throws IllegalArgumentException if the interrupt controller has no such line
   */
  InterruptLine interrupt(int spi);

  /**
   * What the machine's owner plugged into a device, such as the host's end of a serial line.
   *
   * @return null if nothing is plugged in under that name
   * @throws MachineException if it is not of that type
   */
  <T> T backend(String name, Class<T> type);
}
