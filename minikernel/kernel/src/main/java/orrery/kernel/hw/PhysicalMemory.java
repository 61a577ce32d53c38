package orrery.kernel.hw;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import orrery.machine.Ram;
import orrery.ownership.Unsafe;

/**
 * The kernel's only door to guest RAM: little-endian access by physical address, checked against
 * RAM's bounds ({@link IndexOutOfBoundsException}: a kernel bug, never a program's doing).
 *
 * <p>The CPU does not see what the kernel writes into memory whose code it has translated. Frames
 * that were ever executable are therefore marked ({@link #markCode}), and every write through this
 * class into a marked frame tells the CPU.
 *
 * <p>Single-threaded, on the vCPU's thread. Nothing here allocates.
 */
@Unsafe("every address is checked against the bounds of the one segment that it holds")
public final class PhysicalMemory {
  /** The size of a page frame in bytes. */
  public static final int FRAME_SIZE = 4096;

  /** log2 of {@link #FRAME_SIZE}. */
  public static final int FRAME_SHIFT = 12;

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final byte MAY_HOLD_CODE = 1;

  private final Ram memory;
  private final MemorySegment ram;
  private final long base;
  private final long size;
  private final byte[] marks;
  private final CodeInvalidator invalidator;

  /**
   * Opens the door.
   *
   * @param ram the machine's memory
   * @param invalidator told of writes into frames that may hold translated code
   */
  public PhysicalMemory(Ram ram, CodeInvalidator invalidator) {
    this.memory = ram;
    this.ram = ram.segment();
    this.base = ram.base();
    this.size = ram.size();
    this.invalidator = invalidator;
    this.marks = new byte[Math.toIntExact(size >>> FRAME_SHIFT)];
  }

  /** The physical address of the first byte. */
  public long base() {
    return base;
  }

  /** The size in bytes. */
  public long size() {
    return size;
  }

  /** True if all of the range lies in RAM. */
  public boolean contains(long address, long length) {
    long offset = address - base;
    return length >= 0 && offset >= 0 && offset <= size && length <= size - offset;
  }

  public byte readByte(long address) {
    // SAFETY: the segment checks the offset
    return ram.get(JAVA_BYTE, address - base);
  }

  public short readShort(long address) {
    // SAFETY: the segment checks the offset
    return ram.get(SHORT, address - base);
  }

  public int readInt(long address) {
    // SAFETY: the segment checks the offset
    return ram.get(INT, address - base);
  }

  public long readLong(long address) {
    // SAFETY: the segment checks the offset
    return ram.get(LONG, address - base);
  }

  public void writeByte(long address, byte value) {
    // SAFETY: the segment checks the offset
    ram.set(JAVA_BYTE, address - base, value);
    written(address, 1);
  }

  public void writeShort(long address, short value) {
    // SAFETY: the segment checks the offset
    ram.set(SHORT, address - base, value);
    written(address, Short.BYTES);
  }

  public void writeInt(long address, int value) {
    // SAFETY: the segment checks the offset
    ram.set(INT, address - base, value);
    written(address, Integer.BYTES);
  }

  public void writeLong(long address, long value) {
    // SAFETY: the segment checks the offset
    ram.set(LONG, address - base, value);
    written(address, Long.BYTES);
  }

  /** Fills a range with zeros. */
  public void zero(long address, long length) {
    // SAFETY: the segment checks the offset
    memory.zero(address, length);
    written(address, length);
  }

  /** Copies {@code length} bytes from one physical address to another; the ranges may overlap. */
  public void copy(long from, long to, long length) {
    // SAFETY: the segment checks both ranges
    MemorySegment.copy(ram, from - base, ram, to - base, length);
    written(to, length);
  }

  /** Copies from memory to {@code to}. */
  public void copyOut(long from, byte[] to, int offset, int length) {
    // SAFETY: segment and array are checked
    MemorySegment.copy(ram, JAVA_BYTE, from - base, to, offset, length);
  }

  /** Copies {@code count} 64-bit words from memory to {@code to}. */
  public void copyOut(long from, long[] to, int count) {
    // SAFETY: segment and array are checked
    MemorySegment.copy(ram, LONG, from - base, to, 0, count);
  }

  /** Copies from {@code from} into memory. */
  public void copyIn(byte[] from, int offset, long to, int length) {
    // SAFETY: segment and array are checked
    MemorySegment.copy(from, offset, ram, JAVA_BYTE, to - base, length);
    written(to, length);
  }

  /**
   * The distance in bytes from {@code address} to the first zero byte, or {@code length} if there
   * is none in the range.
   */
  public int indexOfZero(long address, int length) {
    // SAFETY: the segment checks the offset
    long from = address - base;
    int i = 0;
    for (; i + Long.BYTES <= length; i += Long.BYTES) {
      long v = ram.get(LONG, from + i);
      // Mycroft's test: the lowest byte that borrows from its own top bit is the first zero
      long zeros = (v - 0x0101010101010101L) & ~v & 0x8080808080808080L;
      if (zeros != 0) {
        return i + (Long.numberOfTrailingZeros(zeros) >>> 3);
      }
    }
    for (; i < length; i++) {
      if (ram.get(JAVA_BYTE, from + i) == 0) {
        return i;
      }
    }
    return length;
  }

  /** From now on writes into the frame at {@code frame} tell the CPU. */
  public void markCode(long frame) {
    marks[index(frame)] = MAY_HOLD_CODE;
  }

  /** True if the frame was marked by {@link #markCode} and not forgotten since. */
  public boolean mayHoldCode(long frame) {
    return marks[index(frame)] != 0;
  }

  /** Makes the CPU forget the code of a frame that a program may have written. */
  public void invalidateCode(long frame) {
    invalidator.invalidateCode(frame, FRAME_SIZE);
  }

  /** Makes the CPU forget the code of a range within marked frames. */
  public void invalidateCode(long address, long length) {
    written(address, length);
  }

  /** The frame gets a new use: the CPU forgets its code, and the mark goes. */
  public void forgetCode(long frame) {
    int index = index(frame);
    if (marks[index] != 0) {
      marks[index] = 0;
      invalidator.invalidateCode(frame, FRAME_SIZE);
    }
  }

  private int index(long address) {
    return (int) (address - base >>> FRAME_SHIFT);
  }

  private void written(long address, long length) {
    int last = index(address + length - 1);
    for (int i = index(address); i <= last; i++) {
      if (marks[i] != 0) {
        invalidator.invalidateCode(address, length);
        return;
      }
    }
  }
}
