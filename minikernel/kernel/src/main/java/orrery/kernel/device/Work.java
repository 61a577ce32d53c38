package orrery.kernel.device;

import orrery.kernel.hw.Resource;
import orrery.ownership.Move;
import orrery.ownership.Owned;
import orrery.ownership.OwnershipException;
import orrery.ownership.Unsafe;

/** A piece of work of a driver that can be left for later ({@link BoundDriver#work}). */
@Owned
public final class Work extends Resource {
  private final WorkQueue queue;
  private final WorkItem item;
  private boolean live = true;

  @Unsafe("schedule() tests live, which revoked() clears")
  Work(Binding binding, WorkQueue queue, int number) {
    // SAFETY: see above
    super(binding.resources());
    this.queue = queue;
    this.item = new WorkItem(binding, number);
  }

  /** Has it done soon; once, however often it is asked for before. From any context. */
  public void schedule() {
    if (!live) {
      throw new OwnershipException(this + " is scheduled after it was closed or revoked");
    }
    if (!item.scheduled) {
      item.scheduled = true;
      queue.add(item);
    }
  }

  /** Takes it back, whether it is scheduled or not. */
  @Move
  public void close() {
    revoked();
  }

  @Override
  protected void revoked() {
    end();
    live = false;
    if (item.scheduled) {
      item.scheduled = false;
      queue.remove(item);
    }
  }
}
