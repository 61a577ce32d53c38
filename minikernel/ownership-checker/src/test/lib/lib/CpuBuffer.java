package lib;

import orrery.ownership.Borrower;
import orrery.ownership.Move;
import orrery.ownership.Now;
import orrery.ownership.Nullable;
import orrery.ownership.Owned;
import orrery.ownership.Sendable;

/** Memory that the CPU may touch now. */
@Owned
@Sendable
public final class CpuBuffer {
  private final byte[] bytes;

  private CpuBuffer(int size) {
    bytes = new byte[size];
  }

  public static CpuBuffer allocate(int size) {
    return new CpuBuffer(size);
  }

  /** Null if there is no memory. */
  @Nullable
  public static CpuBuffer tryAllocate(int size) {
    return size > 4096 ? null : new CpuBuffer(size);
  }

  public int size() {
    return bytes.length;
  }

  public int read(int offset) {
    return bytes[offset];
  }

  public void write(int offset, int value) {
    bytes[offset] = (byte) value;
  }

  public void lend(@Now Borrower<CpuBuffer> user) {
    user.use(this);
  }

  @Move
  public DeviceBuffer toDevice() {
    return new DeviceBuffer(bytes.length);
  }

  @Move
  public void free() {}
}
