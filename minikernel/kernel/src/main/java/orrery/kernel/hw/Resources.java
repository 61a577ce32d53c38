package orrery.kernel.hw;

import orrery.ownership.Census;
import orrery.ownership.Unsafe;

/** What the driver of one device holds, so that it can be revoked when the device goes. */
@Unsafe("holds borrows of live resources only: each takes itself out when it ends")
public final class Resources {
  private final String device;
  private final Census census;

  // maintained by resources
  Resource newest;
  int count;

  /**
   * Nothing yet.
   *
   * @param device its name, for messages
   */
  public Resources(String device, Census census) {
    this.device = device;
    this.census = census;
  }

  /** The device's name. */
  public String device() {
    return device;
  }

  /** How many resources are live. */
  public int count() {
    return count;
  }

  Census census() {
    return census;
  }

  /** Revokes everything that is left, newest first; returns how much that was. */
  public int revokeAll() {
    int revoked = 0;
    while (newest != null) {
      // SAFETY: revoked() ends the resource and takes it out of the list
      newest.revoked();
      revoked++;
    }
    return revoked;
  }
}
