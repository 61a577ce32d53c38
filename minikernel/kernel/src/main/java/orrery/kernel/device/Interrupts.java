package orrery.kernel.device;

import orrery.kernel.hw.Resource;
import orrery.ownership.Move;
import orrery.ownership.Owned;
import orrery.ownership.Unsafe;

/**
 * Interrupts of a device, enabled: each calls {@link BoundDriver#interrupt} with its number. They
 * come from the end of the probe on.
 */
@Owned
@Unsafe("owns no memory; the source is switched off before the value ends")
public final class Interrupts extends Resource {
  private final int count;
  private final Runnable restore;
  private final Runnable off;

  /**
   * @param restore sets the device up again after it was reset as a whole
   * @param off disables them
   */
  Interrupts(Binding binding, int count, Runnable restore, Runnable off) {
    // SAFETY: revoked() switches the source off
    super(binding.resources());
    this.count = count;
    this.restore = restore;
    this.off = off;
  }

  /** How many there are. */
  public int count() {
    return count;
  }

  /**
   * The device has forgotten where its registers are, whether it may use the bus and how it
   * interrupts, as after a hot reset (PCIe, section 6.6.1): it is told again.
   */
  public void restore() {
    restore.run();
  }

  /** Disables them. */
  @Move
  public void close() {
    revoked();
  }

  @Override
  protected void revoked() {
    end();
    off.run();
  }
}
