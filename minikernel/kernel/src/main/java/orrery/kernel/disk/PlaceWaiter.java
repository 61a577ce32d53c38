package orrery.kernel.disk;

import java.util.function.BooleanSupplier;
import orrery.kernel.memory.FrameAllocator;
import orrery.kernel.wait.TimerQueue;
import orrery.machine.clock.MachineClock;

/** What volumes need of the kernel: memory, time, and waiting where no program can be switched. */
public interface PlaceWaiter {
  /** Page frames. */
  FrameAllocator frames();

  /** The kernel's timers. */
  TimerQueue timers();

  /** Machine time. */
  MachineClock clock();

  /** A frame of zeros that nobody writes. */
  long zeroFrame();

  /** A line in the kernel's log. */
  void log(String line);

  /**
   * Waits while interrupts and timers go on, for a device's longest time at most.
   *
   * @return what {@code done} says in the end
   */
  boolean until(BooleanSupplier done);
}
