/**
 * PCI Express: a host that decodes configuration space by ECAM and forwards accesses in its windows
 * to the base address registers of the functions behind it; functions with capabilities, interrupt
 * pins and MSI-X. Specifications: PCI Local Bus 3.0 ("PCI"), PCI Express Base 5.0 ("PCIe"), PCI Bus
 * Power Management Interface 1.2 ("PCI-PM"), PCI Firmware 3.2 (ECAM).
 *
 * <p>A device model implements {@link orrery.machine.pci.PciDevice}, a {@link
 * orrery.machine.pci.PciDeviceProvider} makes it. The room knows the bus, interrupt lines and DMA.
 *
 * <p>Threads: registers, configuration space and resets belong to the vCPU's thread. Interrupts
 * ({@link orrery.machine.pci.PciFunction#pin} and {@link orrery.machine.pci.MsiX#raise}) may be
 * raised from any thread.
 */
package orrery.machine.pci;
