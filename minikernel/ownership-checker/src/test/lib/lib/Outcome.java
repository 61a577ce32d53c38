package lib;

import orrery.ownership.Move;
import orrery.ownership.Owned;

/** How a transfer ended: the buffer comes back either way. */
@Owned
public sealed interface Outcome permits Outcome.Done, Outcome.Failed {
  @Owned
  record Done(CpuBuffer buffer, int length) implements Outcome {}

  @Owned
  record Failed(CpuBuffer buffer, String reason) implements Outcome {}

  static Outcome of(@Move CpuBuffer buffer) {
    return new Done(buffer, 3);
  }
}
