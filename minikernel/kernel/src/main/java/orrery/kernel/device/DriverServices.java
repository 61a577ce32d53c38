package orrery.kernel.device;

import orrery.kernel.block.BlockDisks;
import orrery.kernel.hw.DmaMemory;
import orrery.kernel.hw.InterruptController;
import orrery.kernel.log.KernelLog;
import orrery.kernel.wait.TimerQueue;
import orrery.machine.bus.Bus;
import orrery.machine.clock.MachineClock;
import orrery.machine.cpu.Vcpu;
import orrery.machine.dma.DmaGuard;
import orrery.ownership.Census;

/**
 * What the driver model stands on.
 *
 * @param bus registers of all devices
 * @param cpu for waiting in place
 * @param clock machine time
 * @param guard confines devices to what they are lent
 * @param interrupts the interrupt controller
 * @param timers the kernel's timers
 * @param dma memory that devices and drivers share
 * @param disks where disks are published
 * @param log the kernel's log
 * @param census knows every handle
 */
@SuppressWarnings("exports") // for the kernel itself, not for drivers
public record DriverServices(
    Bus bus,
    Vcpu cpu,
    MachineClock clock,
    DmaGuard guard,
    InterruptController interrupts,
    TimerQueue timers,
    DmaMemory dma,
    BlockDisks disks,
    KernelLog log,
    Census census) {}
