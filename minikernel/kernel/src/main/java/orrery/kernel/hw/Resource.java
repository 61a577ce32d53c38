package orrery.kernel.hw;

import orrery.ownership.Handle;
import orrery.ownership.Owned;
import orrery.ownership.Unsafe;
import orrery.ownership.UnsafeCall;

/**
 * Something that a driver owns and that ends with its device at the latest: when the device is
 * taken away, what the driver still holds is revoked, and its use from then on is an {@link
 * orrery.ownership.OwnershipException}.
 */
@Owned
public abstract class Resource extends Handle {
  private final Resources resources;

  @Unsafe("a borrow that the list keeps, and end() takes away")
  Resource previous;

  @Unsafe("a borrow that the list keeps, and end() takes away")
  Resource next;

  /** A live resource of a device. */
  @UnsafeCall("the subclass's revoked() makes every later use fail")
  @Unsafe("the list's borrow ends in end(), before the value does")
  @SuppressWarnings("this-escape") // the list touches its own fields only
  protected Resource(Resources resources) {
    super(resources.census());
    this.resources = resources;
    // SAFETY: end() takes it out of the list
    next = resources.newest;
    if (next != null) {
      next.previous = this;
    }
    resources.newest = this;
    resources.count++;
  }

  final Resources resources() {
    return resources;
  }

  /** The driver has closed it, or revoked() has: it is live no more. */
  @Unsafe("takes the list's borrow away as the value ends")
  protected final void end() {
    retire();
    // SAFETY: unlinks what the constructor linked
    if (previous == null) {
      resources.newest = next;
    } else {
      previous.next = next;
    }
    if (next != null) {
      next.previous = previous;
    }
    previous = null;
    next = null;
    resources.count--;
  }

  /** The device is gone: gives back what the resource holds and calls {@link #end}. */
  protected abstract void revoked();

  /** For messages. */
  @Override
  public String toString() {
    return typeName() + " of " + resources.device();
  }
}
