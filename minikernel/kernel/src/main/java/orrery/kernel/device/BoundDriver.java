package orrery.kernel.device;

import orrery.ownership.IrqCtx;
import orrery.ownership.MaySleep;
import orrery.ownership.Move;
import orrery.ownership.Owned;
import orrery.ownership.ProcessCtx;

/**
 * A driver bound to its device: owns all that it took from it. The kernel lends it to each call,
 * one at a time, and consumes it by {@link #remove}.
 */
@Owned
public interface BoundDriver {
  /**
   * An interrupt of the device.
   *
   * @param vector which of {@link Interrupts}, from 0
   */
  default void interrupt(IrqCtx irq, int vector) {}

  /**
   * A {@link DeviceTimer} has run out.
   *
   * @param timer the number it was made with
   */
  default void timeout(IrqCtx irq, int timer) {}

  /**
   * {@link Work} that was scheduled is to be done.
   *
   * @param work the number it was made with
   */
  @MaySleep
  default void work(ProcessCtx ctx, int work) {}

  /** The device is about to be taken away: ends what is under way. Interrupts still come. */
  @MaySleep
  default void quiesce(ProcessCtx ctx) {}

  /** The device is taken away: stops it and closes everything. */
  @MaySleep
  @Move
  void remove(ProcessCtx ctx);
}
