package orrery.driver.virtio;

import orrery.kernel.device.CharacterDriver;
import orrery.kernel.device.Transfer;
import orrery.kernel.device.Waiters;
import orrery.kernel.hw.CpuBuffer;
import orrery.kernel.hw.Direction;
import orrery.ownership.IrqCtx;
import orrery.ownership.MaySleep;
import orrery.ownership.Move;
import orrery.ownership.Owned;
import orrery.ownership.ProcessCtx;
import orrery.ownership.Slot;

/**
 * An entropy source (5.4): one buffer goes to the device and comes back full of random bytes, which
 * the next reads get.
 */
@Owned
final class EntropySource implements CharacterDriver {
  /** The size of its queue. */
  static final int BUFFERS = 1;

  private static final int SIZE = 1024;

  private final Transport transport;
  private final Virtqueue queue;
  private final Slot<CpuBuffer> full = new Slot<>();
  private final Waiters waiters = new Waiters();
  private int bytes;
  private int next;

  EntropySource(@Move Transport transport, @Move Virtqueue queue) {
    fill(queue, transport.dma().buffer(SIZE, Direction.FROM_DEVICE));
    this.transport = transport;
    this.queue = queue;
  }

  private static void fill(Virtqueue queue, @Move CpuBuffer buffer) {
    queue.submit(buffer.toDevice(), SIZE, Descriptor.F_WRITE);
    queue.notifyDevice();
  }

  @Override
  public void interrupt(IrqCtx irq, int vector) {
    collect();
  }

  /** Takes the buffer back if the device is done with it. */
  private void collect() {
    CpuBuffer buffer = queue.reap();
    if (buffer == null) {
      return;
    }
    bytes = queue.written();
    next = 0;
    if (bytes == 0) {
      fill(queue, buffer); // nothing came: ask again
      return;
    }
    full.put(buffer);
    waiters.wakeAll();
  }

  @Override
  public long read(Transfer transfer) {
    while (transfer.remaining() > 0) {
      if (full.isEmpty()) {
        collect();
      }
      if (full.isEmpty()) {
        return transfer.sleepOn(waiters);
      }
      int count = Math.min(transfer.remaining(), bytes - next);
      transfer.put(full.get(), next, count);
      next += count;
      if (next == bytes) {
        CpuBuffer empty = full.take();
        if (empty != null) {
          fill(queue, empty);
        }
      }
    }
    return transfer.done();
  }

  @Override
  public boolean isReadable() {
    return !full.isEmpty();
  }

  @Override
  public Waiters changes() {
    return waiters;
  }

  @Override
  @MaySleep
  @Move
  public void remove(ProcessCtx ctx) {
    transport.stop();
    queue.close();
    CpuBuffer left = full.take();
    if (left != null) {
      left.close();
    }
    full.close();
    transport.close();
  }
}
