package orrery.perf.twin;

import orrery.kernel.block.BlockDriver;
import orrery.kernel.block.BlockRequest;
import orrery.kernel.block.BlockStatus;
import orrery.kernel.block.Disk;
import orrery.kernel.block.DiskController;
import orrery.ownership.ProcessCtx;

/** Ends every request when it is looked for, and has no device do it. */
final class NoDriver implements BlockDriver {
  private final DiskController controller;
  private final Disk disk;
  private final BlockRequest[] requests = new BlockRequest[RawDriver.SUBMISSIONS];
  private int count;

  NoDriver(DiskController controller, Disk disk) {
    this.controller = controller;
    this.disk = disk;
  }

  @Override
  public void submit(BlockRequest request) {
    requests[count++] = request;
  }

  @Override
  public void poll(int number) {
    int done = count;
    count = 0;
    for (int i = 0; i < done; i++) {
      BlockRequest request = requests[i];
      requests[i] = null;
      request.complete(BlockStatus.OK);
    }
  }

  @Override
  public void remove(ProcessCtx ctx) {
    disk.close();
    controller.close();
  }
}
