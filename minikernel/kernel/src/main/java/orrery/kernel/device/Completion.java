package orrery.kernel.device;

import orrery.ownership.MaySleep;
import orrery.ownership.ProcessCtx;

/** Something that a handler says is done, and that a probe, removal or work item waits for. */
public final class Completion {
  private final WaitInPlace waiting;
  private boolean done;

  Completion(WaitInPlace waiting) {
    this.waiting = waiting;
  }

  /** It is done. From any context. */
  public void complete() {
    done = true;
  }

  /** Whether it is done. */
  public boolean isDone() {
    return done;
  }

  /** It is to be done again. */
  public void reset() {
    done = false;
  }

  /**
   * Waits until it is done.
   *
   * @param nanos at most so long
   * @return whether it is done
   */
  @MaySleep
  public boolean await(ProcessCtx ctx, long nanos) {
    return waiting.until(this::isDone, nanos);
  }
}
