package orrery.kernel.hw;

import orrery.ownership.Census;
import orrery.ownership.Unsafe;

/** What the driver of one device holds, so that it can be revoked when the device goes. */
@Unsafe("holds borrows of live resources only: each takes itself out when it ends")
public final class Resources {
  private final String device;
  private final Census census;
  private Resource newest;
  private int count;

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

  void add(Resource resource) {
    // SAFETY: remove ends the borrow before the resource ends
    resource.next = newest;
    if (newest != null) {
      newest.previous = resource;
    }
    newest = resource;
    count++;
  }

  void remove(Resource resource) {
    // SAFETY: unlinks the borrow that add made
    if (resource.previous == null) {
      newest = resource.next;
    } else {
      resource.previous.next = resource.next;
    }
    if (resource.next != null) {
      resource.next.previous = resource.previous;
    }
    resource.previous = null;
    resource.next = null;
    count--;
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
