/**
 * The CPU: one vCPU run by the engine, its exceptions, timer, interrupt line and address spaces.
 *
 * <p>It may touch the engine ({@code orrery.unicorn}), guest memory, the machine's clock and
 * interrupt lines, and reaches devices only through {@link orrery.machine.cpu.MmioDispatcher}. It
 * knows neither device models nor kernels.
 */
package orrery.machine.cpu;
