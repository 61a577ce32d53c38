package orrery.machine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import orrery.unicorn.host.LeafFunction;

/**
 * A contiguous piece of guest-physical memory, shared with the engine without a copy.
 *
 * <p>The memory is an anonymous mapping that the host fills with zeros page by page on first touch:
 * what the guest never touches costs nothing. Any thread may use the segment; {@link #close} must
 * come after the engine that shares it has been closed.
 */
public final class Ram implements AutoCloseable {
  /** Base addresses, sizes and the host's mapping are multiples of this, in bytes. */
  public static final long ALIGNMENT = 64 << 10;

  /** The largest memory of a machine, in bytes: what lies below 256 GiB from the usual base. */
  public static final long MAX_SIZE = 255L << 30;

  private static final MemorySegment EVERYTHING = everything();
  private static final LeafFunction MEMSET = LeafFunction.standard("memset");

  private final long base;
  private final long size;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment segment;

  /**
   * Maps zero-filled memory.
   *
   * @param base guest-physical address of the first byte, a multiple of {@link #ALIGNMENT}
   * @param size bytes, a positive multiple of {@link #ALIGNMENT} up to {@link #MAX_SIZE}
   * @throws MachineException if base or size is out of range or the host refuses the mapping
   */
  public Ram(long base, long size) {
    if (base < 0 || (base & ALIGNMENT - 1) != 0) {
      throw new MachineException(
          "memory cannot start at 0x" + Long.toHexString(base) + ": not a multiple of 64 KiB");
    }
    if (size <= 0 || size > MAX_SIZE || (size & ALIGNMENT - 1) != 0) {
      throw new MachineException(
          "memory cannot have "
              + size
              + " bytes: choose a multiple of 64 KiB up to "
              + (MAX_SIZE >> 30)
              + " GiB");
    }
    this.base = base;
    this.size = size;
    this.segment = map(size);
  }

  /** The guest-physical address of the first byte. */
  public long base() {
    return base;
  }

  /** The size in bytes. */
  public long size() {
    return size;
  }

  /** The whole memory; offset 0 is the byte at {@link #base}. */
  public MemorySegment segment() {
    return segment;
  }

  /**
   * All memory of the process by host address, without any check: for code that has checked an
   * address itself more closely than a segment would, and that runs only while the machine does.
   * Anything else ends the process.
   */
  public static MemorySegment unchecked() {
    return EVERYTHING;
  }

  /** The host address of the byte at {@link #base}. */
  public long hostAddress() {
    return segment.address();
  }

  /**
   * Whether {@code length} bytes at guest-physical {@code address} all lie in this memory; false
   * for a negative length and for a range that wraps around.
   */
  public boolean contains(long address, long length) {
    long offset = address - base;
    return length >= 0 && offset >= 0 && offset <= size && length <= size - offset;
  }

  /**
   * Fills a range with zeros, by the C library: a slice of the segment to fill would be an object.
   *
   * @param address guest-physical address of the first byte
   * @param length bytes
   * @throws IndexOutOfBoundsException if the range is not all in this memory
   */
  public void zero(long address, long length) {
    if (!contains(address, length) || !segment.scope().isAlive()) {
      throw new IndexOutOfBoundsException(
          length + " bytes at 0x" + Long.toHexString(address) + " are not in this memory");
    }
    MEMSET.call(segment.address() + (address - base), 0, length);
  }

  /** Gives the memory back to the host; every later use of the segment throws. */
  @Override
  public void close() {
    if (segment.scope().isAlive()) {
      arena.close();
    }
  }

  @SuppressWarnings("restricted") // callers answer for the addresses
  private static MemorySegment everything() {
    return MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
  }

  @SuppressWarnings("restricted") // the mapping's own address and length
  private MemorySegment map(long length) {
    // The kernel aligns to its page; huge pages ask for more, so the ends are trimmed away.
    long alignment = AnonymousMapping.HUGE_PAGE;
    long mapped = length + alignment;
    long address = AnonymousMapping.map(mapped);
    if (address == 0) {
      arena.close();
      throw new MachineException(
          "the host refuses " + (length >> 20) + " MiB of memory: choose less (--memory)");
    }
    long aligned = address + alignment - 1 & -alignment;
    if (aligned != address) {
      AnonymousMapping.unmap(address, aligned - address);
    }
    AnonymousMapping.unmap(aligned + length, address + mapped - aligned - length);
    AnonymousMapping.adviseHugePages(aligned, length);
    return MemorySegment.ofAddress(aligned)
        .reinterpret(length, arena, unused -> AnonymousMapping.unmap(aligned, length));
  }
}
