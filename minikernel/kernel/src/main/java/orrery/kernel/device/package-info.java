/**
 * The driver model: what a driver implements, what it is given, and when it is called. Drivers live
 * in modules of their own and are found by {@link java.util.ServiceLoader} as {@link
 * orrery.kernel.device.PciDriver} or {@link orrery.kernel.device.PlatformDriver}.
 *
 * <p><b>Life.</b> A driver's {@code probe} borrows the device, takes what it needs from it
 * (registers, DMA, interrupts, timers, work) and returns an owned {@link
 * orrery.kernel.device.BoundDriver} that holds all of it. The kernel keeps that value, lends it to
 * each call back, and consumes it by {@code remove}. What is still held after that, or when a probe
 * fails, is revoked and named in the log.
 *
 * <p><b>Contexts.</b> The kernel has one thread and no kernel stacks. Handlers get an {@link
 * orrery.ownership.IrqCtx} and never wait. There are three ways to wait:
 *
 * <ul>
 *   <li>A program's call returns what {@link orrery.kernel.device.Transfer#sleepOn} returns and is
 *       made again from its start when the queue wakes.
 *   <li>Probes, removals and work items hold a {@link orrery.ownership.ProcessCtx} and may wait in
 *       place ({@link orrery.kernel.device.Completion#await}, {@link
 *       orrery.kernel.device.Mutex#lock}): interrupts and timers go on meanwhile, programs and
 *       other work do not. For the commands that bring a device up or down.
 *   <li>Everything else is call backs: interrupt, timer, work.
 * </ul>
 *
 * <p>Call backs carry small numbers that the driver chose (a vector, a timer, a piece of work), not
 * objects: nothing is captured, nothing is allocated.
 */
package orrery.kernel.device;
