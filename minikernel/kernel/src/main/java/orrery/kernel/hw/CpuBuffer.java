package orrery.kernel.hw;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static orrery.kernel.hw.DmaMemory.GONE;
import static orrery.kernel.hw.DmaMemory.INT;
import static orrery.kernel.hw.DmaMemory.LONG;
import static orrery.kernel.hw.DmaMemory.SHORT;

import java.lang.foreign.MemorySegment;
import orrery.machine.dma.DmaWindow;
import orrery.ownership.Move;
import orrery.ownership.Owned;
import orrery.ownership.OwnershipException;
import orrery.ownership.Unsafe;

/**
 * A buffer for DMA while the driver has it: it can be read and written, the device cannot reach it.
 * {@link #toDevice} ends that and begins a {@link DeviceBuffer}. Little-endian, any alignment.
 *
 * <p>An access outside is an {@link IndexOutOfBoundsException}; one after the buffer was lent,
 * closed or revoked is an {@link OwnershipException}. Nothing allocates.
 */
@Owned
@Unsafe("the segment is this buffer's piece of memory while the driver has it, else empty")
public final class CpuBuffer extends Resource {
  private final DmaMemory memory;
  private final DmaWindow window;
  private final BufferNames names = new BufferNames();

  /** {@link DmaMemory#GONE} from the end on. */
  private MemorySegment bytes;

  /** False while the device has it. */
  private boolean here = true;

  CpuBuffer(Resources resources, DmaMemory memory, MemorySegment bytes, DmaWindow window) {
    // SAFETY: revoked() takes the segment away
    super(resources);
    this.memory = memory;
    this.bytes = bytes;
    this.window = window;
    // SAFETY: the other name is handed out by toDevice only, which ends the use of this
    names.cpu = this;
    names.device = new DeviceBuffer(names, window);
  }

  /** Its size in bytes. */
  public int length() {
    return (int) window.length();
  }

  /** Reads a byte. */
  public byte readByte(int offset) {
    requireHere();
    // SAFETY: requireHere() has seen that the driver has the buffer
    try {
      return bytes.get(JAVA_BYTE, offset);
    } catch (IndexOutOfBoundsException e) {
      throw outside(e);
    }
  }

  /** Reads 16 bits. */
  public short readShort(int offset) {
    requireHere();
    // SAFETY: requireHere() has seen that the driver has the buffer
    try {
      return bytes.get(SHORT, offset);
    } catch (IndexOutOfBoundsException e) {
      throw outside(e);
    }
  }

  /** Reads 32 bits. */
  public int readInt(int offset) {
    requireHere();
    // SAFETY: requireHere() has seen that the driver has the buffer
    try {
      return bytes.get(INT, offset);
    } catch (IndexOutOfBoundsException e) {
      throw outside(e);
    }
  }

  /** Reads 64 bits. */
  public long readLong(int offset) {
    requireHere();
    // SAFETY: requireHere() has seen that the driver has the buffer
    try {
      return bytes.get(LONG, offset);
    } catch (IndexOutOfBoundsException e) {
      throw outside(e);
    }
  }

  /** Writes a byte. */
  public void writeByte(int offset, int value) {
    requireHere();
    // SAFETY: requireHere() has seen that the driver has the buffer
    try {
      bytes.set(JAVA_BYTE, offset, (byte) value);
    } catch (IndexOutOfBoundsException e) {
      throw outside(e);
    }
  }

  /** Writes 16 bits. */
  public void writeShort(int offset, int value) {
    requireHere();
    // SAFETY: requireHere() has seen that the driver has the buffer
    try {
      bytes.set(SHORT, offset, (short) value);
    } catch (IndexOutOfBoundsException e) {
      throw outside(e);
    }
  }

  /** Writes 32 bits. */
  public void writeInt(int offset, int value) {
    requireHere();
    // SAFETY: requireHere() has seen that the driver has the buffer
    try {
      bytes.set(INT, offset, value);
    } catch (IndexOutOfBoundsException e) {
      throw outside(e);
    }
  }

  /** Writes 64 bits. */
  public void writeLong(int offset, long value) {
    requireHere();
    // SAFETY: requireHere() has seen that the driver has the buffer
    try {
      bytes.set(LONG, offset, value);
    } catch (IndexOutOfBoundsException e) {
      throw outside(e);
    }
  }

  /** Reads bytes into {@code to} from {@code at} on. */
  public void read(int offset, byte[] to, int at, int count) {
    requireHere();
    // SAFETY: requireHere() has seen that the driver has the buffer
    try {
      MemorySegment.copy(bytes, JAVA_BYTE, offset, to, at, count);
    } catch (IndexOutOfBoundsException e) {
      throw outside(e);
    }
  }

  /** Writes bytes of {@code from}, those from {@code at} on. */
  public void write(int offset, byte[] from, int at, int count) {
    requireHere();
    // SAFETY: requireHere() has seen that the driver has the buffer
    try {
      MemorySegment.copy(from, at, bytes, JAVA_BYTE, offset, count);
    } catch (IndexOutOfBoundsException e) {
      throw outside(e);
    }
  }

  /** Lends the buffer to the device, which may reach it from now on. */
  @Move
  public DeviceBuffer toDevice() {
    requireHere();
    here = false;
    window.open();
    // SAFETY: this name of the memory has just ended
    return names.device;
  }

  /** Gives the memory back. */
  @Move
  public void close() {
    requireHere();
    revoked();
  }

  /** The device has returned it. */
  void returned() {
    here = true;
  }

  @Override
  protected void revoked() {
    here = false;
    bytes = GONE;
    window.remove();
    memory.release(window.address(), length());
    end();
  }

  private void requireHere() {
    if (!here) {
      throw gone();
    }
  }

  private RuntimeException outside(IndexOutOfBoundsException e) {
    return here ? e : gone();
  }

  private OwnershipException gone() {
    return new OwnershipException(this + " is used while the device has it, or after its end");
  }
}
