package orrery.machine.boot;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import orrery.machine.MachineException;

/**
 * The header of an arm64 kernel image (Documentation/arch/arm64/booting.rst, section 4).
 *
 * @param textOffset bytes from a 2 MiB boundary to the image
 * @param memorySize bytes the kernel needs from there on
 */
record KernelImage(long textOffset, long memorySize) {
  private static final ValueLayout.OfLong LONG =
      JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final int HEADER_SIZE = 64;
  private static final int TEXT_OFFSET = 8;
  private static final int IMAGE_SIZE = 16;
  private static final int MAGIC_OFFSET = 56;

  /** "ARM\x64". */
  private static final int MAGIC = 0x644d5241;

  /** Text offsets are below the 2 MiB that the base is aligned to. */
  private static final long MAX_TEXT_OFFSET = 2 << 20;

  /** Kernels before 3.17 leave the size at 0 and expect their text offset. */
  private static final long OLD_TEXT_OFFSET = 0x80000;

  /** Reads the header of an image of {@code size} bytes. */
  static KernelImage at(MemorySegment image, long size) {
    if (size < HEADER_SIZE || image.get(INT, MAGIC_OFFSET) != MAGIC) {
      throw new MachineException(
          "the kernel is no uncompressed arm64 Image (unpack it first: gunzip, unzstd)");
    }
    long memory = image.get(LONG, IMAGE_SIZE);
    long offset = memory == 0 ? OLD_TEXT_OFFSET : image.get(LONG, TEXT_OFFSET);
    if (offset < 0 || offset >= MAX_TEXT_OFFSET || memory < 0) {
      throw new MachineException("the kernel's header states an impossible offset or size");
    }
    return new KernelImage(offset, memory);
  }
}
