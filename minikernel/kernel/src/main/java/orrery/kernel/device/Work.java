package orrery.kernel.device;

import orrery.kernel.hw.Resource;
import orrery.ownership.Move;
import orrery.ownership.Owned;
import orrery.ownership.OwnershipException;
import orrery.ownership.Unsafe;

/** A piece of work of a driver that can be left for later ({@link BoundDriver#work}). */
@Owned
@Unsafe("the queue's borrow ends before the work does: close() takes it out")
public final class Work extends Resource {
  private final WorkQueue queue;
  private final Binding binding;
  private final int number;
  private boolean scheduled;
  private boolean live = true;

  // maintained by the queue
  Work next;

  Work(Binding binding, WorkQueue queue, int number) {
    // SAFETY: revoked() clears live
    super(binding.resources());
    this.binding = binding;
    this.queue = queue;
    this.number = number;
  }

  /** Has it done soon; once, however often it is asked for before. From any context. */
  public void schedule() {
    if (!live) {
      throw new OwnershipException(this + " is scheduled after it was closed or revoked");
    }
    if (!scheduled) {
      scheduled = true;
      // SAFETY: revoked() takes it out of the queue
      queue.add(this);
    }
  }

  void run() {
    scheduled = false;
    binding.work(number);
  }

  /** Takes it back, whether it is scheduled or not. */
  @Move
  public void close() {
    revoked();
  }

  @Override
  protected void revoked() {
    live = false;
    if (scheduled) {
      scheduled = false;
      queue.remove(this);
    }
    end();
  }
}
