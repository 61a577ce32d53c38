package orrery.kernel.hw;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static orrery.kernel.hw.DmaMemory.INT;
import static orrery.kernel.hw.DmaMemory.LONG;
import static orrery.kernel.hw.DmaMemory.MEMORY;
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
 *
 * <p>Whose turn it is stands in one word, the state of the guard's window, so that lending and
 * returning are one store each and every use checks that word and nothing else. A name that was
 * kept over a whole turn of the device is the same object as the current name; see {@link
 * TracedBuffer} for how that is found out where mistakes are looked for.
 */
@Owned
@Unsafe("every access sees the window closed, so the memory is the driver's, and stays inside it")
public abstract sealed class CpuBuffer extends Resource permits DmaBuffer {
  private final DmaMemory memory;

  /** Closed while the driver has the buffer; removed from the end on. */
  DmaWindow window;

  private final long host;
  private final int length;

  CpuBuffer(Resources resources, DmaMemory memory, DmaWindow window) {
    // SAFETY: revoked() removes the window
    super(resources);
    this.memory = memory;
    this.window = window;
    this.host = memory.host(window.address());
    this.length = (int) window.length();
  }

  /** The next name of {@code old}'s buffer. */
  CpuBuffer(CpuBuffer old) {
    // SAFETY: the caller ends the old name
    this(old.resources(), old.memory, old.window);
  }

  /**
   * Its size in bytes.
   *
   * @throws OwnershipException if it was closed or revoked
   */
  public int length() {
    if (window.isRemoved()) {
      throw gone();
    }
    return length;
  }

  /** Reads a byte. */
  public byte readByte(int offset) {
    // SAFETY: place() has checked turn and bounds
    return MEMORY.get(JAVA_BYTE, place(offset, Byte.BYTES));
  }

  /** Reads 16 bits. */
  public short readShort(int offset) {
    // SAFETY: place() has checked turn and bounds
    return MEMORY.get(SHORT, place(offset, Short.BYTES));
  }

  /** Reads 32 bits. */
  public int readInt(int offset) {
    // SAFETY: place() has checked turn and bounds
    return MEMORY.get(INT, place(offset, Integer.BYTES));
  }

  /** Reads 64 bits. */
  public long readLong(int offset) {
    // SAFETY: place() has checked turn and bounds
    return MEMORY.get(LONG, place(offset, Long.BYTES));
  }

  /** Writes a byte. */
  public void writeByte(int offset, int value) {
    // SAFETY: place() has checked turn and bounds
    MEMORY.set(JAVA_BYTE, place(offset, Byte.BYTES), (byte) value);
  }

  /** Writes 16 bits. */
  public void writeShort(int offset, int value) {
    // SAFETY: place() has checked turn and bounds
    MEMORY.set(SHORT, place(offset, Short.BYTES), (short) value);
  }

  /** Writes 32 bits. */
  public void writeInt(int offset, int value) {
    // SAFETY: place() has checked turn and bounds
    MEMORY.set(INT, place(offset, Integer.BYTES), value);
  }

  /** Writes 64 bits. */
  public void writeLong(int offset, long value) {
    // SAFETY: place() has checked turn and bounds
    MEMORY.set(LONG, place(offset, Long.BYTES), value);
  }

  /** Reads bytes into {@code to} from {@code at} on. */
  public void read(int offset, byte[] to, int at, int count) {
    // SAFETY: place() has checked turn and bounds
    MemorySegment.copy(MEMORY, JAVA_BYTE, place(offset, count), to, at, count);
  }

  /** Writes bytes of {@code from}, those from {@code at} on. */
  public void write(int offset, byte[] from, int at, int count) {
    // SAFETY: place() has checked turn and bounds
    MemorySegment.copy(from, at, MEMORY, JAVA_BYTE, place(offset, count), count);
  }

  /** Lends the buffer to the device, which may reach it from now on. */
  @Move
  public abstract DeviceBuffer toDevice();

  /** Gives the memory back. */
  @Move
  public void close() {
    requireHere();
    revoked();
  }

  @Override
  protected void revoked() {
    window.remove();
    memory.release(window.address(), length);
    end();
  }

  final void requireHere() {
    if (!window.isClosed()) {
      throw gone();
    }
  }

  /** The host address of bytes that may be accessed now. */
  private long place(int offset, int count) {
    requireHere();
    if (offset < 0 || count < 0 || offset > length - count) {
      throw outside(offset, count);
    }
    return host + offset;
  }

  private IndexOutOfBoundsException outside(int offset, int count) {
    return new IndexOutOfBoundsException(
        count + " bytes at " + offset + " of a buffer of " + length);
  }

  private OwnershipException gone() {
    return new OwnershipException(this + " is used while the device has it, or after its end");
  }
}
