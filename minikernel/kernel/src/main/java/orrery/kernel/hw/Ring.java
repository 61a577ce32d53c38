package orrery.kernel.hw;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static orrery.kernel.hw.DmaMemory.INT;
import static orrery.kernel.hw.DmaMemory.LONG;
import static orrery.kernel.hw.DmaMemory.MEMORY;
import static orrery.kernel.hw.DmaMemory.SHORT;

import java.lang.invoke.VarHandle;
import orrery.machine.dma.DmaWindow;
import orrery.ownership.Move;
import orrery.ownership.Owned;
import orrery.ownership.OwnershipException;
import orrery.ownership.Unsafe;
import orrery.ownership.Untrusted;

/**
 * Coherent memory that driver and device use at the same time: entries of a fixed size, with a
 * header before them if the layout has one. What the device may have written is untrusted.
 *
 * <p>A field of an entry that does not exist is an {@link IndexOutOfBoundsException}, a ring that
 * was closed or revoked an {@link OwnershipException}, both by one comparison. Nothing allocates.
 *
 * @param <L> the class that names the layout
 */
@Owned
@Unsafe("an access stays in an entry of the ring, of which there are none once it has ended")
public final class Ring<L> extends Resource {
  private final DmaMemory memory;
  private final DmaWindow window;
  private final long host;
  private final int header;
  private final int stride;

  /** How many there are; none from the end on. */
  private int entries;

  Ring(Resources resources, DmaMemory memory, DmaWindow window, RingLayout<L> layout, int entries) {
    // SAFETY: revoked() takes the entries away
    super(resources);
    this.memory = memory;
    this.window = window;
    this.host = memory.host(window.address());
    this.header = layout.header();
    this.stride = layout.stride();
    this.entries = entries;
  }

  /** How many entries it has. */
  public int entries() {
    requireHere();
    return entries;
  }

  /** The address by which the device knows the ring. */
  public long address() {
    requireHere();
    return window.address();
  }

  /**
   * The address by which the device knows an entry.
   *
   * @throws IndexOutOfBoundsException if there is no such entry
   */
  public long address(int index) {
    return window.address() + (place(index, stride) - host);
  }

  // ---- Entries ----

  /** Reads 8 bits, unsigned. */
  public @Untrusted int get(int index, Field.U8<L> field) {
    Field.Entry8<L> f = (Field.Entry8<L>) field;
    // SAFETY: place() has checked the entry, and the field lies inside it
    return Byte.toUnsignedInt(MEMORY.get(JAVA_BYTE, place(index, f.stride()) + f.offset()));
  }

  /** Reads 16 bits, unsigned. */
  public @Untrusted int get(int index, Field.U16<L> field) {
    Field.Entry16<L> f = (Field.Entry16<L>) field;
    // SAFETY: place() has checked the entry, and the field lies inside it
    return Short.toUnsignedInt(MEMORY.get(SHORT, place(index, f.stride()) + f.offset()));
  }

  /** Reads 32 bits. */
  public @Untrusted int get(int index, Field.U32<L> field) {
    Field.Entry32<L> f = (Field.Entry32<L>) field;
    // SAFETY: place() has checked the entry, and the field lies inside it
    return MEMORY.get(INT, place(index, f.stride()) + f.offset());
  }

  /** Reads 64 bits. */
  public @Untrusted long get(int index, Field.U64<L> field) {
    Field.Entry64<L> f = (Field.Entry64<L>) field;
    // SAFETY: place() has checked the entry, and the field lies inside it
    return MEMORY.get(LONG, place(index, f.stride()) + f.offset());
  }

  /** Writes 8 bits. */
  public void set(int index, Field.U8<L> field, int value) {
    Field.Entry8<L> f = (Field.Entry8<L>) field;
    // SAFETY: place() has checked the entry, and the field lies inside it
    MEMORY.set(JAVA_BYTE, place(index, f.stride()) + f.offset(), (byte) value);
  }

  /** Writes 16 bits. */
  public void set(int index, Field.U16<L> field, int value) {
    Field.Entry16<L> f = (Field.Entry16<L>) field;
    // SAFETY: place() has checked the entry, and the field lies inside it
    MEMORY.set(SHORT, place(index, f.stride()) + f.offset(), (short) value);
  }

  /** Writes 32 bits. */
  public void set(int index, Field.U32<L> field, int value) {
    Field.Entry32<L> f = (Field.Entry32<L>) field;
    // SAFETY: place() has checked the entry, and the field lies inside it
    MEMORY.set(INT, place(index, f.stride()) + f.offset(), value);
  }

  /** Writes 64 bits. */
  public void set(int index, Field.U64<L> field, long value) {
    Field.Entry64<L> f = (Field.Entry64<L>) field;
    // SAFETY: place() has checked the entry, and the field lies inside it
    MEMORY.set(LONG, place(index, f.stride()) + f.offset(), value);
  }

  /** Reads 16 bits of an entry, unsigned, before anything that is read after. */
  public @Untrusted int getAcquire(int index, Field.U16<L> field) {
    int value = get(index, field);
    VarHandle.acquireFence();
    return value;
  }

  // ---- Header ----

  /** Reads 16 bits of the header, unsigned, before anything that is read after. */
  public @Untrusted int getAcquire(Field.Header16<L> field) {
    requireHere();
    // SAFETY: the ring is live, and the field lies inside the header
    int value = Short.toUnsignedInt(MEMORY.get(SHORT, host + ((Field.At16<L>) field).offset()));
    VarHandle.acquireFence();
    return value;
  }

  /** Reads 32 bits of the header before anything that is read after. */
  public @Untrusted int getAcquire(Field.Header32<L> field) {
    requireHere();
    // SAFETY: the ring is live, and the field lies inside the header
    int value = MEMORY.get(INT, host + ((Field.At32<L>) field).offset());
    VarHandle.acquireFence();
    return value;
  }

  /** Writes 16 bits of the header after everything that was written before. */
  public void setRelease(Field.Header16<L> field, int value) {
    requireHere();
    VarHandle.releaseFence();
    // SAFETY: the ring is live, and the field lies inside the header
    MEMORY.set(SHORT, host + ((Field.At16<L>) field).offset(), (short) value);
  }

  /** Writes 32 bits of the header after everything that was written before. */
  public void setRelease(Field.Header32<L> field, int value) {
    requireHere();
    VarHandle.releaseFence();
    // SAFETY: the ring is live, and the field lies inside the header
    MEMORY.set(INT, host + ((Field.At32<L>) field).offset(), value);
  }

  /** Gives the memory back; the device must not use it any more. */
  @Move
  public void close() {
    requireHere();
    revoked();
  }

  @Override
  protected void revoked() {
    entries = 0;
    window.remove();
    memory.release(window.address(), (int) window.length());
    end();
  }

  /** The host address of an entry; the stride is the ring's own, as a constant of the field. */
  private long place(int index, int stride) {
    if (index < 0 || index >= entries) {
      throw outside(index);
    }
    return host + header + (long) index * stride;
  }

  private void requireHere() {
    if (entries == 0) {
      throw gone();
    }
  }

  private RuntimeException outside(int index) {
    return entries == 0
        ? gone()
        : new IndexOutOfBoundsException("entry " + index + " of " + entries);
  }

  private OwnershipException gone() {
    return new OwnershipException(this + " is used after it was closed or revoked");
  }
}
