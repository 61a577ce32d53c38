package orrery.kernel.block;

import orrery.kernel.memory.FrameAllocator;
import orrery.kernel.wait.TimerQueue;
import orrery.machine.clock.MachineClock;
import orrery.ownership.Census;

/**
 * What the block layer stands on.
 *
 * @param frames page frames
 * @param timers the kernel's timers
 * @param clock machine time
 * @param census knows every handle
 */
@SuppressWarnings("exports") // for the kernel itself, not for drivers
public record BlockServices(
    FrameAllocator frames, TimerQueue timers, MachineClock clock, Census census) {}
