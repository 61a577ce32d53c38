package orrery.machine.boot;

import java.lang.foreign.MemorySegment;

/**
 * The header of an arm64 Image (Documentation/arch/arm64/booting.rst, section 4).
 *
 * @param textOffset bytes from a 2 MiB boundary to the image
 * @param memorySize bytes the kernel needs from there on, 0 if it does not say
 */
record ImageHeader(long textOffset, long memorySize) {
  private static final int SIZE = 64;
  private static final int TEXT_OFFSET = 8;
  private static final int IMAGE_SIZE = 16;
  private static final int FLAGS = 24;
  private static final int MAGIC_OFFSET = 56;
  private static final String MAGIC = "ARM\u0064";

  private static final int FLAG_BIG_ENDIAN = 1;
  private static final int PAGE_SIZE_SHIFT = 1;
  private static final int PAGE_SIZE_MASK = 3;
  private static final int PAGE_SIZE_16K = 2;

  /** Text offsets are below the 2 MiB that the base is aligned to. */
  private static final long MAX_TEXT_OFFSET = 2 << 20;

  /** Kernels before 3.17 leave the size at 0 and expect their text offset. */
  private static final long OLD_TEXT_OFFSET = 0x80000;

  /** Whether {@code bytes} start with such a header. */
  static boolean isAt(MemorySegment bytes) {
    return bytes.byteSize() >= SIZE && LittleEndian.hasAt(bytes, MAGIC_OFFSET, MAGIC);
  }

  /**
   * Reads the header at the start of {@code image}.
   *
   * @throws KernelRejected if the CPU or the protocol cannot run it
   */
  static ImageHeader of(MemorySegment image) {
    long flags = LittleEndian.i64(image, FLAGS);
    long memory = LittleEndian.i64(image, IMAGE_SIZE);
    long offset = memory == 0 ? OLD_TEXT_OFFSET : LittleEndian.i64(image, TEXT_OFFSET);
    if ((flags & FLAG_BIG_ENDIAN) != 0) {
      throw new KernelRejected(
          "is big-endian: bring a little-endian one (CONFIG_CPU_LITTLE_ENDIAN)");
    }
    if ((flags >>> PAGE_SIZE_SHIFT & PAGE_SIZE_MASK) == PAGE_SIZE_16K) {
      throw new KernelRejected(
          "uses pages of 16 KiB, which a Cortex-A72 does not have: bring one with 4 or 64 KiB");
    }
    if (offset < 0 || offset >= MAX_TEXT_OFFSET || memory < 0) {
      throw new KernelRejected("is damaged: its header states an impossible offset or size");
    }
    return new ImageHeader(offset, memory);
  }
}
