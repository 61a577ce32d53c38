package orrery.kernel.block;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import orrery.kernel.device.DriverFixture;
import orrery.machine.dma.DmaPort;
import orrery.ownership.IrqCtx;
import orrery.ownership.ProcessCtx;

/**
 * A disk in an array, with a driver that reaches memory as a device does: through a port that the
 * DMA guard confines.
 */
public final class RamDisk implements BlockDriver {
  private final DriverFixture fixture;
  private final DmaPort port;
  private final DiskController controller;
  private final Disk disk;
  private final ArrayDeque<BlockRequest> taken = new ArrayDeque<>();

  /** What the disk holds. */
  public final byte[] bytes;

  /** What the requests were. */
  public final List<String> log = new ArrayList<>();

  /** Whether requests wait for {@link #finish} or a poll; else they end at once. */
  public boolean slow;

  /** Whether requests are logged. */
  public boolean logging = true;

  /** How the next requests end. */
  public BlockStatus status = BlockStatus.OK;

  /** How many requests it had at once at most. */
  public int deepest;

  private final DiskGeometry geometry;

  public RamDisk(DriverFixture fixture, DmaPort port, DiskController controller, DiskGeometry g) {
    this.fixture = fixture;
    this.port = port;
    this.controller = controller;
    this.geometry = g;
    bytes = new byte[Math.toIntExact(g.bytes())];
    fixture.bind(this);
    disk = controller.publish("nvme0n1", 1, g, Map.of("nsid", "1"));
  }

  /** The queue of the disk. */
  public RequestQueue queue() {
    return fixture.disks.disks().getFirst().queue();
  }

  public Disk disk() {
    return disk;
  }

  @Override
  public void submit(BlockRequest request) {
    if (logging) {
      log.add(
          request.operation()
              + " "
              + request.block()
              + "+"
              + request.blocks()
              + (request.isForced() ? " FUA" : ""));
    }
    if (slow) {
      taken.add(request);
      deepest = Math.max(deepest, taken.size());
    } else {
      serve(request);
    }
  }

  @Override
  public void poll(int which) {
    finish(1);
  }

  /** Takes the next request out of its hands. */
  public BlockRequest take() {
    return taken.remove();
  }

  /** How many requests it has. */
  public int pending() {
    return taken.size();
  }

  /** Ends so many of the requests that it has, through an interrupt. */
  public void finish(int most) {
    toFinish = most;
    fixture.interrupt(0);
  }

  private int toFinish;

  @Override
  public void interrupt(IrqCtx irq, int vector) {
    for (int i = 0; i < toFinish && !taken.isEmpty(); i++) {
      serve(taken.remove());
    }
  }

  private void serve(BlockRequest request) {
    int at = (int) (request.block() * geometry.blockSize());
    int length = (int) (request.blocks() * geometry.blockSize());
    if (status == BlockStatus.OK) {
      switch (request.operation()) {
        case READ, WRITE -> move(request, at);
        case DISCARD, WRITE_ZEROES -> Arrays.fill(bytes, at, at + length, (byte) 0);
        case FLUSH -> {}
      }
    }
    request.complete(status);
  }

  private void move(BlockRequest request, int at) {
    int from = request.offset();
    int done = 0;
    for (int i = 0; i < request.pages(); i++) {
      int part = Math.min(4096 - from, request.length() - done);
      long address = request.page(i) + from;
      if (request.operation() == BlockOperation.READ) {
        port.write(address, bytes, at + done, part);
      } else {
        port.read(address, bytes, at + done, part);
      }
      done += part;
      from = 0;
    }
    if (done != request.blocks() * geometry.blockSize()) {
      throw new AssertionError(done + " bytes for " + request.blocks() + " blocks");
    }
  }

  @Override
  public void remove(ProcessCtx ctx) {
    while (!taken.isEmpty()) {
      taken.remove().complete(BlockStatus.OFFLINE);
    }
    disk.close();
    controller.close();
  }
}
