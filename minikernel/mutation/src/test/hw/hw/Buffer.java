package hw;

import orrery.ownership.Handle;
import orrery.ownership.Move;
import orrery.ownership.Owned;
import orrery.ownership.Sendable;
import orrery.ownership.Unsafe;

/** Memory that the driver may touch. */
@Owned
@Sendable
@Unsafe("the guard is asked in each operation")
public final class Buffer extends Handle {
  private final byte[] bytes;

  public Buffer(int size) {
    super(Machine.CENSUS);
    bytes = new byte[size];
  }

  public int size() {
    requireLive();
    return bytes.length;
  }

  public int read(int offset) {
    requireLive();
    return bytes[offset];
  }

  public void write(int offset, int value) {
    requireLive();
    bytes[offset] = (byte) value;
  }

  @Move
  @Unsafe("the old handle dies before the new one is made")
  public Lent lend() {
    // SAFETY: retire ends this value
    retire();
    return new Lent(bytes.length);
  }

  @Move
  @Unsafe("the handle dies")
  public void free() {
    // SAFETY: retire ends this value
    retire();
  }
}
