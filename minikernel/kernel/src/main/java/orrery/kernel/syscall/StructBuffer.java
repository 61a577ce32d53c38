package orrery.kernel.syscall;

import java.util.Arrays;
import orrery.kernel.memory.AddressSpace;

/** A structure on its way to a program's memory: filled field by field, copied out at once. */
final class StructBuffer {
  private final byte[] bytes;

  /** Room for {@code size} bytes. */
  StructBuffer(int size) {
    bytes = new byte[size];
  }

  /** All zeros again. */
  StructBuffer clear() {
    Arrays.fill(bytes, (byte) 0);
    return this;
  }

  void int16(int at, int v) {
    bytes[at] = (byte) v;
    bytes[at + 1] = (byte) (v >>> 8);
  }

  void int32(int at, int v) {
    int16(at, v);
    int16(at + 2, v >>> 16);
  }

  void int64(int at, long v) {
    int32(at, (int) v);
    int32(at + 4, (int) (v >>> 32));
  }

  byte[] bytes() {
    return bytes;
  }

  /** Copies the first {@code size} bytes to {@code address}; throws EFAULT. */
  void copyTo(AddressSpace m, long address, int size) {
    m.copyOut(bytes, 0, address, size);
  }
}
