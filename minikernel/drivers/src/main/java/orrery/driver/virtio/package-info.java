/**
 * Drivers of virtio devices on PCI: the transport, split virtqueues as owned rings, the entropy
 * source and the console. Specification: Virtual I/O Device (VIRTIO) Version 1.2; sections are
 * quoted by number.
 */
package orrery.driver.virtio;
