package orrery.kernel.block;

import orrery.kernel.hw.Resource;
import orrery.kernel.hw.Resources;
import orrery.ownership.Move;
import orrery.ownership.Owned;
import orrery.ownership.OwnershipException;
import orrery.ownership.Unsafe;

/** A disk that its driver has published. */
@Owned
@Unsafe("revoked() takes the entry out of the registry and closes its queue")
public final class Disk extends Resource {
  private final BlockDisks registry;
  private final DiskEntry entry;

  Disk(Resources resources, BlockDisks registry, DiskEntry entry) {
    // SAFETY: see above
    super(resources);
    this.registry = registry;
    this.entry = entry;
    registry.add(entry);
  }

  /** The disk has another size, or other properties. */
  public void resize(DiskGeometry geometry) {
    requireHere();
    entry.queue().resize(geometry);
    registry.resized(entry);
  }

  /**
   * The disk is gone. Requests that wait end with {@link BlockStatus#OFFLINE}; those that the
   * driver has are its to end, before or after this.
   */
  @Move
  public void close() {
    requireHere();
    revoked();
  }

  @Override
  protected void revoked() {
    entry.queue().close();
    registry.remove(entry);
    end();
  }

  private void requireHere() {
    if (entry.queue().isGone()) {
      throw new OwnershipException(this + " is used after it was closed or revoked");
    }
  }
}
