package lib;

import orrery.ownership.Untrusted;

/** A device's registers, whose contents the device chose. */
public final class Device {
  @Untrusted private int last;

  @Untrusted
  public int length() {
    return last;
  }

  @Untrusted
  public long offset() {
    return last;
  }

  public void remember(@Untrusted int value) {
    last = value;
  }

  public int version() {
    return 1;
  }
}
