package orrery.kernel.hw;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static orrery.kernel.hw.DmaMemory.GONE;
import static orrery.kernel.hw.DmaMemory.INT;
import static orrery.kernel.hw.DmaMemory.LONG;
import static orrery.kernel.hw.DmaMemory.SHORT;

import java.lang.foreign.MemorySegment;
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
@Unsafe("the segments are this ring's piece of memory while it lives, else empty")
public final class Ring<L> extends Resource {
  private final DmaMemory memory;
  private final DmaWindow window;
  private final int entries;
  private final int header;
  private final int stride;

  private MemorySegment headerBytes;
  private MemorySegment entryBytes;

  Ring(
      Resources resources,
      DmaMemory memory,
      MemorySegment bytes,
      DmaWindow window,
      RingLayout<L> layout,
      int entries) {
    // SAFETY: revoked() takes the segments away
    super(resources);
    this.memory = memory;
    this.window = window;
    this.entries = entries;
    this.header = layout.header();
    this.stride = layout.stride();
    this.headerBytes = bytes.asSlice(0, header);
    this.entryBytes = bytes.asSlice(header, (long) entries * stride);
  }

  /** How many entries it has. */
  public int entries() {
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
    requireHere();
    if (index < 0 || index >= entries) {
      throw new IndexOutOfBoundsException("entry " + index + " of " + entries);
    }
    return window.address() + header + (long) index * stride;
  }

  // ---- Entries ----

  /** Reads 8 bits, unsigned. */
  public @Untrusted int get(int index, Field.U8<L> field) {
    Field.Entry8<L> f = (Field.Entry8<L>) field;
    // SAFETY: the segment is empty unless the ring is live
    try {
      return Byte.toUnsignedInt(entryBytes.get(JAVA_BYTE, (long) index * f.stride() + f.offset()));
    } catch (IndexOutOfBoundsException e) {
      throw outside(e);
    }
  }

  /** Reads 16 bits, unsigned. */
  public @Untrusted int get(int index, Field.U16<L> field) {
    Field.Entry16<L> f = (Field.Entry16<L>) field;
    // SAFETY: the segment is empty unless the ring is live
    try {
      return Short.toUnsignedInt(entryBytes.get(SHORT, (long) index * f.stride() + f.offset()));
    } catch (IndexOutOfBoundsException e) {
      throw outside(e);
    }
  }

  /** Reads 32 bits. */
  public @Untrusted int get(int index, Field.U32<L> field) {
    Field.Entry32<L> f = (Field.Entry32<L>) field;
    // SAFETY: the segment is empty unless the ring is live
    try {
      return entryBytes.get(INT, (long) index * f.stride() + f.offset());
    } catch (IndexOutOfBoundsException e) {
      throw outside(e);
    }
  }

  /** Reads 64 bits. */
  public @Untrusted long get(int index, Field.U64<L> field) {
    Field.Entry64<L> f = (Field.Entry64<L>) field;
    // SAFETY: the segment is empty unless the ring is live
    try {
      return entryBytes.get(LONG, (long) index * f.stride() + f.offset());
    } catch (IndexOutOfBoundsException e) {
      throw outside(e);
    }
  }

  /** Writes 8 bits. */
  public void set(int index, Field.U8<L> field, int value) {
    Field.Entry8<L> f = (Field.Entry8<L>) field;
    // SAFETY: the segment is empty unless the ring is live
    try {
      entryBytes.set(JAVA_BYTE, (long) index * f.stride() + f.offset(), (byte) value);
    } catch (IndexOutOfBoundsException e) {
      throw outside(e);
    }
  }

  /** Writes 16 bits. */
  public void set(int index, Field.U16<L> field, int value) {
    Field.Entry16<L> f = (Field.Entry16<L>) field;
    // SAFETY: the segment is empty unless the ring is live
    try {
      entryBytes.set(SHORT, (long) index * f.stride() + f.offset(), (short) value);
    } catch (IndexOutOfBoundsException e) {
      throw outside(e);
    }
  }

  /** Writes 32 bits. */
  public void set(int index, Field.U32<L> field, int value) {
    Field.Entry32<L> f = (Field.Entry32<L>) field;
    // SAFETY: the segment is empty unless the ring is live
    try {
      entryBytes.set(INT, (long) index * f.stride() + f.offset(), value);
    } catch (IndexOutOfBoundsException e) {
      throw outside(e);
    }
  }

  /** Writes 64 bits. */
  public void set(int index, Field.U64<L> field, long value) {
    Field.Entry64<L> f = (Field.Entry64<L>) field;
    // SAFETY: the segment is empty unless the ring is live
    try {
      entryBytes.set(LONG, (long) index * f.stride() + f.offset(), value);
    } catch (IndexOutOfBoundsException e) {
      throw outside(e);
    }
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
    // SAFETY: the segment is empty unless the ring is live
    try {
      int value = Short.toUnsignedInt(headerBytes.get(SHORT, ((Field.At16<L>) field).offset()));
      VarHandle.acquireFence();
      return value;
    } catch (IndexOutOfBoundsException e) {
      throw outside(e);
    }
  }

  /** Reads 32 bits of the header before anything that is read after. */
  public @Untrusted int getAcquire(Field.Header32<L> field) {
    // SAFETY: the segment is empty unless the ring is live
    try {
      int value = headerBytes.get(INT, ((Field.At32<L>) field).offset());
      VarHandle.acquireFence();
      return value;
    } catch (IndexOutOfBoundsException e) {
      throw outside(e);
    }
  }

  /** Writes 16 bits of the header after everything that was written before. */
  public void setRelease(Field.Header16<L> field, int value) {
    VarHandle.releaseFence();
    // SAFETY: the segment is empty unless the ring is live
    try {
      headerBytes.set(SHORT, ((Field.At16<L>) field).offset(), (short) value);
    } catch (IndexOutOfBoundsException e) {
      throw outside(e);
    }
  }

  /** Writes 32 bits of the header after everything that was written before. */
  public void setRelease(Field.Header32<L> field, int value) {
    VarHandle.releaseFence();
    // SAFETY: the segment is empty unless the ring is live
    try {
      headerBytes.set(INT, ((Field.At32<L>) field).offset(), value);
    } catch (IndexOutOfBoundsException e) {
      throw outside(e);
    }
  }

  /** Gives the memory back; the device must not use it any more. */
  @Move
  public void close() {
    requireHere();
    revoked();
  }

  @Override
  protected void revoked() {
    headerBytes = GONE;
    entryBytes = GONE;
    window.remove();
    memory.release(window.address(), (int) window.length());
    end();
  }

  private void requireHere() {
    if (entryBytes == GONE) {
      throw gone();
    }
  }

  private RuntimeException outside(IndexOutOfBoundsException e) {
    return entryBytes == GONE ? gone() : e;
  }

  private OwnershipException gone() {
    return new OwnershipException(this + " is used after it was closed or revoked");
  }
}
