/**
 * The CPU: one vCPU run by the engine, its exceptions, timer, interrupt line and address spaces.
 *
 * <p>There are two ways into the engine, chosen at start ({@link orrery.machine.cpu.CpuChoice}): by
 * the library's internals, which are found by calibration; and where they are missing by {@code
 * unicorn.h} alone, for a guest kernel on one CPU. The second stops the engine at every exception,
 * looks at the interrupt line in every block, and forgets all translated code when a device writes
 * memory. What differs stands behind {@code EngineAccess} and {@link orrery.unicorn.EngineCpu}.
 *
 * <p>It may touch the engine ({@code orrery.unicorn}), guest memory, the machine's clock and
 * interrupt lines, and reaches devices only through {@link orrery.machine.cpu.MmioDispatcher}. It
 * knows neither device models nor kernels.
 */
package orrery.machine.cpu;
