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

  /** In place of memory that is not there any more: no access is inside. */
  static final MemorySegment GONE = MemorySegment.NULL;

  private final MemorySegment ram;
  private final long base;
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
    this.pool = new DmaPool(frames, memory);
  }

  long allocate(int length) {
    return pool.allocate(length);
  }

  void release(long address, int length) {
    pool.release(address, length);
  }

  MemorySegment segment(long address, int length) {
    // SAFETY: the caller has this piece from allocate and not given it back
    return ram.asSlice(address - base, length);
  }
}
