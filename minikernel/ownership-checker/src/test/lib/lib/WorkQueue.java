package lib;

import orrery.ownership.MaySleep;
import orrery.ownership.Move;
import orrery.ownership.ProcessCtx;
import orrery.ownership.Sendable;
import orrery.ownership.Shared;

/** Work for process context. */
@Shared
public final class WorkQueue {
  /** Runs in process context. */
  @Sendable
  @FunctionalInterface
  public interface Work {
    @MaySleep
    void run(ProcessCtx context);
  }

  public void submit(Work work) {}

  public void hand(@Move @Sendable CpuBuffer buffer) {
    buffer.free();
  }

  public static void send(@Sendable Object message) {}
}
