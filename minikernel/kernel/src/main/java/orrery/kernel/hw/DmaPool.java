package orrery.kernel.hw;

import static orrery.kernel.hw.PhysicalMemory.FRAME_SHIFT;

import java.util.Arrays;

/**
 * Memory for buffers and rings, in pieces of a power of two, naturally aligned, zeroed. What is
 * freed is kept for the next piece of its size; a frame is never shared by two sizes.
 */
final class DmaPool {
  /** The smallest piece: a cache line. */
  static final int MIN_SHIFT = 6;

  /** The largest piece: 4 MiB. */
  static final int MAX_SHIFT = 22;

  private final DmaFrames frames;
  private final PhysicalMemory memory;
  private final long[][] free = new long[MAX_SHIFT + 1][8];
  private final int[] count = new int[MAX_SHIFT + 1];

  DmaPool(DmaFrames frames, PhysicalMemory memory) {
    this.frames = frames;
    this.memory = memory;
  }

  /** The size of the piece that serves {@code length} bytes, as a power of two. */
  static int shift(int length) {
    return Math.max(MIN_SHIFT, Integer.SIZE - Integer.numberOfLeadingZeros(length - 1));
  }

  /**
   * A piece of at least {@code length} bytes, all zero.
   *
   * @throws HardwareException if it is too large or memory is short
   */
  long allocate(int length) {
    if (length <= 0 || length > 1 << MAX_SHIFT) {
      throw new HardwareException("no DMA memory has " + length + " bytes");
    }
    int shift = shift(length);
    if (count[shift] == 0) {
      refill(shift);
    }
    long address = free[shift][--count[shift]];
    memory.zero(address, 1L << shift);
    return address;
  }

  /** Takes a piece of {@code length} bytes back. */
  void release(long address, int length) {
    int shift = shift(length);
    if (count[shift] == free[shift].length) {
      free[shift] = Arrays.copyOf(free[shift], count[shift] * 2);
    }
    free[shift][count[shift]++] = address;
  }

  private void refill(int shift) {
    int frameCount = shift <= FRAME_SHIFT ? 1 : 1 << shift - FRAME_SHIFT;
    long first = frames.allocate(frameCount);
    if (first == DmaFrames.NONE) {
      throw new HardwareException("there is no memory left for DMA");
    }
    long size = (long) frameCount << FRAME_SHIFT;
    for (long piece = first + size - (1L << shift); piece >= first; piece -= 1L << shift) {
      release(piece, 1 << shift);
    }
  }
}
