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
  private final Runnable off;

  /**
   * @param off disables them
   */
  Interrupts(Binding binding, int count, Runnable off) {
    // SAFETY: revoked() switches the source off
    super(binding.resources());
    this.count = count;
    this.off = off;
  }

  /** How many there are. */
  public int count() {
    return count;
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
