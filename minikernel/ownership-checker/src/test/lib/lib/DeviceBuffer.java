package lib;

import orrery.ownership.Move;
import orrery.ownership.Owned;
import orrery.ownership.Sendable;

/** Memory that the device may touch now: it cannot be read or written. */
@Owned
@Sendable
public final class DeviceBuffer {
  private final int size;

  DeviceBuffer(int size) {
    this.size = size;
  }

  @Move
  public CpuBuffer complete() {
    return CpuBuffer.allocate(size);
  }
}
