package orrery.kernel.device;

import orrery.kernel.hw.Resource;
import orrery.kernel.wait.KernelTimer;
import orrery.kernel.wait.TimerQueue;
import orrery.machine.clock.MachineClock;
import orrery.ownership.Move;
import orrery.ownership.Owned;
import orrery.ownership.OwnershipException;
import orrery.ownership.Unsafe;

/** A driver's timer ({@link BoundDriver#timeout}). */
@Owned
@Unsafe("the queue knows the alarm, not this value, and close() disarms it")
public final class DeviceTimer extends Resource {
  private final TimerQueue timers;
  private final MachineClock clock;
  private final KernelTimer alarm;
  private boolean live = true;

  DeviceTimer(Binding binding, TimerQueue timers, MachineClock clock, int number) {
    // SAFETY: revoked() clears live
    super(binding.resources());
    this.timers = timers;
    this.clock = clock;
    this.alarm =
        new KernelTimer() {
          @Override
          protected void expired() {
            binding.timeout(number);
          }
        };
  }

  /**
   * Starts it, or starts it anew.
   *
   * @param nanos from now
   */
  public void arm(long nanos) {
    if (!live) {
      throw new OwnershipException(this + " is armed after it was closed or revoked");
    }
    timers.arm(alarm, Math.addExact(clock.nanos(), nanos));
  }

  /** Stops it. */
  public void cancel() {
    timers.cancel(alarm);
  }

  /** Stops it for good. */
  @Move
  public void close() {
    revoked();
  }

  @Override
  protected void revoked() {
    live = false;
    timers.cancel(alarm);
    end();
  }
}
