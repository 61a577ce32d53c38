package hw;

import orrery.ownership.Handle;
import orrery.ownership.Move;
import orrery.ownership.Owned;
import orrery.ownership.Sendable;
import orrery.ownership.Unsafe;

/** Memory that the device has. */
@Owned
@Sendable
@Unsafe("the guard is asked in each operation")
public final class Lent extends Handle {
  private final int size;

  Lent(int size) {
    super(Machine.CENSUS);
    this.size = size;
  }

  @Move
  @Unsafe("the old handle dies before the new one is made")
  public Buffer complete() {
    // SAFETY: retire ends this value
    retire();
    return new Buffer(size);
  }
}
