/**
 * Direct memory access: how devices reach the guest's memory, and the only way they do. It knows
 * the memory, a way to forget translated code and the doorbell for message-signalled interrupts; it
 * knows no CPU and no device.
 */
package orrery.machine.dma;
