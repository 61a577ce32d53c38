package orrery.kernel.device;

import orrery.kernel.abi.Errno;
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

  /**
   * ioctl(2) of a file of the driver: a character device ({@link Device#publish}) or a disk, where
   * the block layer has answered already what is the same for all disks.
   *
   * @return the result, {@code -errno}, or what {@link ControlCall#sleepOn} returned
   */
  default long control(ControlCall call) {
    return -Errno.ENOTTY;
  }

  /**
   * A program has ended in an ioctl(2) that slept: nobody asks again for what the call began.
   *
   * @param ticket what {@link ControlCall#sleepOn} was told
   */
  default void abandon(int ticket) {}

  /** The device is about to be taken away: ends what is under way. Interrupts still come. */
  @MaySleep
  default void quiesce(ProcessCtx ctx) {}

  /** The device is taken away: stops it and closes everything. */
  @MaySleep
  @Move
  void remove(ProcessCtx ctx);
}
