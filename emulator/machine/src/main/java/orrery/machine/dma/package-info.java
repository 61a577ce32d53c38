/**
 * Direct memory access: how devices reach the guest's memory, and the only way they do. It knows
 * the memory, a way to forget translated code and the doorbell for message-signalled interrupts; it
 * knows no CPU and no device.
 *
 * <p>Between devices and memory stands the guard, which kernels program by object and not by
 * register; {@link orrery.machine.dma.DmaGuard} says why.
 */
package orrery.machine.dma;
