package orrery.machine.boot;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * An ELF64 executable for AArch64 (the generic ABI's chapters 4 and 5; Arm IHI 0056): its loadable
 * segments, its entry and its symbols. Every number of the file is checked before it is used.
 */
final class ElfKernel {
  private static final int HEADER_SIZE = 64;
  private static final int CLASS = 4;
  private static final int CLASS_64 = 2;
  private static final int DATA = 5;
  private static final int DATA_LITTLE_ENDIAN = 1;
  private static final int TYPE = 16;
  private static final int TYPE_EXECUTABLE = 2;
  private static final int TYPE_SHARED = 3;
  private static final int MACHINE = 18;
  private static final int MACHINE_AARCH64 = 183;
  private static final int ENTRY = 24;
  private static final int PROGRAM_HEADERS = 32;
  private static final int SECTION_HEADERS = 40;
  private static final int PROGRAM_HEADER_SIZE = 54;
  private static final int PROGRAM_HEADER_COUNT = 56;
  private static final int SECTION_HEADER_SIZE = 58;
  private static final int SECTION_HEADER_COUNT = 60;

  private static final int SEGMENT_HEADER = 56;
  private static final int SEGMENT_LOADABLE = 1;
  private static final int SEGMENT_OFFSET = 8;
  private static final int SEGMENT_VIRTUAL = 16;
  private static final int SEGMENT_PHYSICAL = 24;
  private static final int SEGMENT_FILE_SIZE = 32;
  private static final int SEGMENT_MEMORY_SIZE = 40;

  private static final int SECTION_HEADER = 64;
  private static final int SECTION_TYPE = 4;
  private static final int SECTION_SYMBOLS = 2;
  private static final int SECTION_OFFSET = 24;
  private static final int SECTION_SIZE = 32;
  private static final int SECTION_LINK = 40;

  private static final int SYMBOL = 24;
  private static final int SYMBOL_INFO = 4;
  private static final int SYMBOL_SECTION = 6;
  private static final int SYMBOL_VALUE = 8;
  private static final int SYMBOL_SIZE = 16;
  private static final int SYMBOL_TYPE_MASK = 0xf;
  private static final int SYMBOL_LAST_WANTED_TYPE = 2; // untyped, object, function
  private static final int MAX_SYMBOLS = 1 << 20;
  private static final int MAX_NAME = 200;

  private final MemorySegment file;

  /**
   * A loadable segment.
   *
   * @param offset bytes into the file
   * @param fileSize bytes in the file; the rest is zero
   */
  record Segment(
      long offset, long virtualAddress, long physicalAddress, long fileSize, long memorySize) {}

  private ElfKernel(MemorySegment file) {
    this.file = file;
  }

  static boolean isAt(MemorySegment file) {
    return LittleEndian.startsWith(file, 0x7f, 'E', 'L', 'F');
  }

  /**
   * Checks the header.
   *
   * @throws KernelRejected if it is for another machine, or no executable
   */
  static ElfKernel of(MemorySegment file) {
    if (file.byteSize() < HEADER_SIZE) {
      throw truncated();
    }
    if (LittleEndian.u8(file, CLASS) != CLASS_64) {
      throw new KernelRejected("is a 32-bit ELF file: bring one for AArch64");
    }
    if (LittleEndian.u8(file, DATA) != DATA_LITTLE_ENDIAN) {
      throw new KernelRejected("is a big-endian ELF file: bring a little-endian one for AArch64");
    }
    int machine = LittleEndian.u16(file, MACHINE);
    if (machine != MACHINE_AARCH64) {
      throw new KernelRejected(
          "is an ELF file for another processor (number " + machine + "): bring one for AArch64");
    }
    int type = LittleEndian.u16(file, TYPE);
    if (type != TYPE_EXECUTABLE && type != TYPE_SHARED) {
      throw new KernelRejected("is no executable ELF file: link it first");
    }
    return new ElfKernel(file);
  }

  /** Where it wants to be entered: a virtual address. */
  long entry() {
    return LittleEndian.i64(file, ENTRY);
  }

  /** The loadable segments that occupy memory, at least one. */
  List<Segment> segments() {
    long table = LittleEndian.i64(file, PROGRAM_HEADERS);
    int count = LittleEndian.u16(file, PROGRAM_HEADER_COUNT);
    int size = LittleEndian.u16(file, PROGRAM_HEADER_SIZE);
    if (size < SEGMENT_HEADER || !LittleEndian.contains(file, table, (long) count * size)) {
      throw truncated();
    }
    List<Segment> segments = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long at = table + (long) i * size;
      long memorySize = LittleEndian.i64(file, at + SEGMENT_MEMORY_SIZE);
      if (LittleEndian.i32(file, at) == SEGMENT_LOADABLE && memorySize != 0) {
        segments.add(segment(at, memorySize));
      }
    }
    if (segments.isEmpty()) {
      throw new KernelRejected("has nothing to load: bring a linked executable");
    }
    return segments;
  }

  private Segment segment(long at, long memorySize) {
    long offset = LittleEndian.i64(file, at + SEGMENT_OFFSET);
    long fileSize = LittleEndian.i64(file, at + SEGMENT_FILE_SIZE);
    if (memorySize < 0 || fileSize < 0 || fileSize > memorySize) {
      throw new KernelRejected("is damaged: a segment has an impossible size");
    }
    if (!LittleEndian.contains(file, offset, fileSize)) {
      throw truncated();
    }
    return new Segment(
        offset,
        LittleEndian.i64(file, at + SEGMENT_VIRTUAL),
        LittleEndian.i64(file, at + SEGMENT_PHYSICAL),
        fileSize,
        memorySize);
  }

  /** A segment's bytes in the file. */
  MemorySegment content(Segment segment) {
    return file.asSlice(segment.offset, segment.fileSize);
  }

  /** The symbols of code and data; empty if the file is stripped or they are damaged. */
  SymbolTable symbols() {
    long table = LittleEndian.i64(file, SECTION_HEADERS);
    int count = LittleEndian.u16(file, SECTION_HEADER_COUNT);
    int size = LittleEndian.u16(file, SECTION_HEADER_SIZE);
    if (size < SECTION_HEADER || !LittleEndian.contains(file, table, (long) count * size)) {
      return SymbolTable.EMPTY;
    }
    for (int i = 0; i < count; i++) {
      long at = table + (long) i * size;
      if (LittleEndian.i32(file, at + SECTION_TYPE) == SECTION_SYMBOLS) {
        int link = LittleEndian.i32(file, at + SECTION_LINK);
        return link < 0 || link >= count
            ? SymbolTable.EMPTY
            : symbols(content(at), content(table + (long) link * size));
      }
    }
    return SymbolTable.EMPTY;
  }

  /** A section's bytes; none if they are not all there. */
  private MemorySegment content(long header) {
    long offset = LittleEndian.i64(file, header + SECTION_OFFSET);
    long size = LittleEndian.i64(file, header + SECTION_SIZE);
    return LittleEndian.contains(file, offset, size)
        ? file.asSlice(offset, size)
        : file.asSlice(0, 0);
  }

  private static SymbolTable symbols(MemorySegment table, MemorySegment strings) {
    List<SymbolTable.Symbol> symbols = new ArrayList<>();
    long count = Math.min(MAX_SYMBOLS, table.byteSize() / SYMBOL);
    for (long i = 0; i < count; i++) {
      long at = i * SYMBOL;
      int type = LittleEndian.u8(table, at + SYMBOL_INFO) & SYMBOL_TYPE_MASK;
      String name = name(strings, LittleEndian.u32(table, at));
      boolean defined = LittleEndian.u16(table, at + SYMBOL_SECTION) != 0;
      // $x and $d mark code and data within functions (Arm IHI 0056, mapping symbols).
      if (defined && type <= SYMBOL_LAST_WANTED_TYPE && !name.isEmpty() && !name.startsWith("$")) {
        symbols.add(
            new SymbolTable.Symbol(
                LittleEndian.i64(table, at + SYMBOL_VALUE),
                LittleEndian.i64(table, at + SYMBOL_SIZE),
                name));
      }
    }
    return new SymbolTable(symbols);
  }

  private static String name(MemorySegment strings, long at) {
    long end = at;
    while (end < strings.byteSize()
        && end - at < MAX_NAME
        && strings.get(ValueLayout.JAVA_BYTE, end) > ' ') {
      end++;
    }
    return end <= at
        ? ""
        : new String(
            strings.asSlice(at, end - at).toArray(ValueLayout.JAVA_BYTE),
            StandardCharsets.US_ASCII);
  }

  private static KernelRejected truncated() {
    return new KernelRejected("is truncated: it ends before what its header promises");
  }
}
