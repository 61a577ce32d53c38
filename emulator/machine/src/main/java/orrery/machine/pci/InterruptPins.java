package orrery.machine.pci;

import orrery.machine.irq.InterruptLine;

/**
 * The four interrupt wires of the host, shared by the pins of all functions: a wire is asserted
 * while any pin on it is. Which pin is on which wire follows from the device's number, so that
 * devices spread over the wires (PCI-to-PCI Bridge Architecture 1.2, section 9.1). Any thread.
 */
final class InterruptPins {
  /** INTA to INTD. */
  static final int WIRES = 4;

  private final InterruptLine[] wires;
  private final int[] asserting = new int[WIRES];

  /** {@code wires} are INTA to INTD of device 0. */
  InterruptPins(InterruptLine[] wires) {
    this.wires = wires.clone();
  }

  /** The wire of pin {@code pin} (1 is INTA) of device number {@code device}. */
  static int wire(int device, int pin) {
    return (device + pin - 1) % WIRES;
  }

  /** One more pin asserts its wire, or one less. */
  synchronized void change(int wire, boolean asserted) {
    asserting[wire] += asserted ? 1 : -1;
    wires[wire].set(asserting[wire] > 0);
  }
}
