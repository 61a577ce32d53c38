/**
 * Virtio devices (OASIS Virtual I/O Device Version 1.2, "virtio") over PCI, without the legacy
 * interface: the transport with its split virtqueues, an entropy source and a console. A device
 * type implements {@link orrery.device.virtio.VirtioDevice}; {@link
 * orrery.device.virtio.VirtioFunction} makes a PCI function of it. The room touches the machine's
 * PCI and DMA, and the host's ends of serial lines.
 *
 * <p>Everything runs on the vCPU's thread; notices from the host's threads come through {@link
 * orrery.machine.cpu.DeferredCall}. Whatever a driver writes into its rings ends at worst in a
 * device that needs a reset.
 */
package orrery.device.virtio;
