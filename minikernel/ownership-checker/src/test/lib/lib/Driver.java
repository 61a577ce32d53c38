package lib;

import orrery.ownership.MaySleep;
import orrery.ownership.Move;
import orrery.ownership.Owned;

/** What a driver overrides. */
@Owned
public abstract class Driver {
  public abstract int peek(CpuBuffer buffer);

  public abstract void take(@Move CpuBuffer buffer);

  @MaySleep
  public abstract void probe();

  public abstract void interrupt();

  @Move
  public abstract void remove();
}
