package lib;

import orrery.ownership.MaySleep;
import orrery.ownership.Move;
import orrery.ownership.Nullable;
import orrery.ownership.Shared;
import orrery.ownership.Unsafe;

/** A device's queue. */
@Shared
@Unsafe("a stand-in for tests without state that matters")
public final class Queue {
  private boolean full;

  public void submit(@Move DeviceBuffer buffer) {
    buffer.complete().free();
  }

  /** Hands the buffer back if the queue is full; null if it was taken. */
  @Nullable
  public DeviceBuffer trySubmit(@Move DeviceBuffer buffer) {
    if (full) {
      return buffer;
    }
    submit(buffer);
    return null;
  }

  public void submitOrFail(@Move DeviceBuffer buffer) throws IoError {
    submit(buffer);
    ring();
  }

  public void both(@Move CpuBuffer first, @Move CpuBuffer second) {
    first.free();
    second.free();
  }

  public void take(@Move CpuBuffer buffer, int depth) {
    buffer.free();
  }

  public void ring() throws IoError {
    if (full) {
      throw new IoError("the device is gone");
    }
  }

  public int depth() throws IoError {
    ring();
    return 1;
  }

  /** A completed buffer; null if there is none. */
  @Nullable
  public CpuBuffer poll() {
    return full ? null : CpuBuffer.allocate(64);
  }

  public boolean isFull() {
    return full;
  }

  @MaySleep
  public void waitIdle() {
    full = false;
  }

  public static int peek(CpuBuffer buffer) {
    return buffer.read(0);
  }
}
