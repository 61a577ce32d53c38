package orrery.machine.boot;

import java.lang.foreign.MemorySegment;

/**
 * The headers of a PE file (Microsoft's PE Format), as far as an EFI stub's tell about a kernel:
 * its processor, and how long the file ought to be.
 *
 * @param machine the processor's number
 * @param fileSize bytes up to the end of the last section
 */
record PeHeader(int machine, long fileSize) {
  static final int MACHINE_ARM64 = 0xaa64;

  private static final int SIGNATURE_POINTER = 0x3c;
  private static final int MACHINE = 4;
  private static final int SECTIONS = 6;
  private static final int OPTIONAL_HEADER_SIZE = 20;
  private static final int FILE_HEADER_SIZE = 24;
  private static final int SECTION_SIZE = 40;
  private static final int SECTION_RAW_SIZE = 16;
  private static final int SECTION_RAW_POINTER = 20;

  /** Reads the headers; null if it is no PE file or its headers are cut off. */
  static PeHeader of(MemorySegment file) {
    if (!LittleEndian.hasAt(file, 0, "MZ")
        || !LittleEndian.contains(file, SIGNATURE_POINTER, Integer.BYTES)) {
      return null;
    }
    long at = LittleEndian.u32(file, SIGNATURE_POINTER);
    if (!LittleEndian.hasAt(file, at, 'P', 'E', 0, 0)
        || !LittleEndian.contains(file, at, FILE_HEADER_SIZE)) {
      return null;
    }
    int sections = LittleEndian.u16(file, at + SECTIONS);
    long table = at + FILE_HEADER_SIZE + LittleEndian.u16(file, at + OPTIONAL_HEADER_SIZE);
    if (!LittleEndian.contains(file, table, (long) sections * SECTION_SIZE)) {
      return null;
    }
    long end = 0;
    for (int i = 0; i < sections; i++) {
      long section = table + (long) i * SECTION_SIZE;
      end =
          Math.max(
              end,
              LittleEndian.u32(file, section + SECTION_RAW_POINTER)
                  + LittleEndian.u32(file, section + SECTION_RAW_SIZE));
    }
    return new PeHeader(LittleEndian.u16(file, at + MACHINE), end);
  }
}
