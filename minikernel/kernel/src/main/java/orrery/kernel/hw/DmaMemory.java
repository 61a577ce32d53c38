package orrery.kernel.hw;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import orrery.machine.Ram;
import orrery.ownership.Unsafe;
import orrery.ownership.UnsafeCall;

/** The memory that devices and drivers share, with the layouts by which both see it. */
@Unsafe("segments reach only the piece that the caller has from the pool")
public final class DmaMemory {
  /** Devices are little-endian; alignment is the caller's wish, as on the CPU. */
  static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** All memory by host address; see {@link #host}. */
  static final MemorySegment MEMORY = Ram.unchecked();

  private final MemorySegment ram;
  private final long base;
  private final long host;
  private final DmaPool pool;

  /**
   * Memory from {@code frames}, which lie in {@code ram}.
   *
   * @param memory for zeroing
   */
  @UnsafeCall("frames hands out frames of this memory that nobody else uses")
  public DmaMemory(Ram ram, PhysicalMemory memory, DmaFrames frames) {
    this.ram = ram.segment();
    this.base = ram.base();
    this.host = ram.hostAddress();
    this.pool = new DmaPool(frames, memory);
  }

  long allocate(int length) {
    return pool.allocate(length);
  }

  void release(long address, int length) {
    pool.release(address, length);
  }

  /** Where in {@link #MEMORY} a piece lies. */
  long host(long address) {
    // SAFETY: surfaces are used in the CPU's run, which ends before the machine frees its memory
    return host + (address - base);
  }

  MemorySegment segment(long address, int length) {
    // SAFETY: the caller has this piece from allocate and not given it back
    return ram.asSlice(address - base, length);
  }
}
