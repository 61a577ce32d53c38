package orrery.kernel.device;

import orrery.kernel.hw.pci.PciFunction;

/**
 * A PCI function, as the kernel knows it.
 *
 * @param function what was found
 * @param driver the name of the driver that it was given to; null if there is none for it
 */
@SuppressWarnings("exports") // for the kernel itself, not for drivers
public record PciEntry(PciFunction function, String driver) {}
