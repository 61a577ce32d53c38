/**
 * The kernel's PCI core: finds functions through the host's configuration space, gives their base
 * address registers places, and sends their messages to the interrupt controller. Specifications:
 * PCI Local Bus 3.0 ("PCI"), PCI Firmware 3.2 (ECAM), Linux's bindings {@code host-generic-pci} and
 * {@code arm,gic} (v2m). Drivers never see this room: they get {@code orrery.kernel.device}.
 */
package orrery.kernel.hw.pci;
