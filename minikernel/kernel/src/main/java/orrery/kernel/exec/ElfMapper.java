package orrery.kernel.exec;

import static orrery.kernel.hw.PhysicalMemory.FRAME_SIZE;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.abi.MapFlag;
import orrery.kernel.memory.AddressLayout;
import orrery.kernel.memory.AddressSpace;

/**
 * Maps the segments of one ELF file into an address space. Source: Linux v6.1 {@code
 * fs/binfmt_elf.c}.
 */
final class ElfMapper {
  private static final int PRIVATE = MapFlag.MAP_PRIVATE | MapFlag.MAP_FIXED;

  private final AddressSpace space;
  private final ElfHeader elf;
  private final ProgramFile file;

  /** What is added to the file's addresses. */
  private long bias;

  private long lowest = Long.MAX_VALUE;
  private long highest;
  private long alignment = FRAME_SIZE;
  private long codeStart = Long.MAX_VALUE;
  private long codeEnd;
  private long dataStart;
  private long dataEnd;
  private int textSegments;
  private int text;

  /** Checks the segments; throws EINVAL, or {@code bad} if there is none to load. */
  ElfMapper(AddressSpace space, ElfHeader elf, ProgramFile file, int bad) {
    this.space = space;
    this.elf = elf;
    this.file = file;
    for (int i = 0; i < elf.segments(); i++) {
      if (elf.type(i) == ElfHeader.PT_LOAD) {
        check(i);
      }
    }
    if (highest == 0) {
      throw ErrnoException.of(bad);
    }
  }

  private void check(int i) {
    long address = elf.address(i);
    long size = elf.memorySize(i);
    if (address < 0
        || elf.fileSize(i) < 0
        || size < 0
        || elf.fileSize(i) > size
        || size > AddressSpace.END
        || address > AddressSpace.END - size
        || elf.offset(i) < 0
        || elf.offset(i) > Long.MAX_VALUE - FRAME_SIZE - elf.fileSize(i)
        || (elf.offset(i) - address & FRAME_SIZE - 1) != 0) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    lowest = Math.min(lowest, address & -FRAME_SIZE);
    highest = Math.max(highest, address + size);
    long wanted = elf.alignment(i);
    if (Long.bitCount(wanted) == 1 && wanted > 0) {
      alignment = Math.max(alignment, wanted);
    }
    if ((elf.flags(i) & ElfHeader.PF_X) != 0) {
      textSegments++;
      text = i;
    }
  }

  /** Maps a relocatable file at {@code address} or a little below; a fixed one where it must be. */
  void mapAt(long address) {
    map(elf.isRelocatable() ? (address & -alignment) - (lowest & -alignment) : 0);
  }

  /** Maps a relocatable file where there is room; a fixed one where it must be. */
  void mapAnywhere() {
    if (!elf.isRelocatable()) {
      map(0);
      return;
    }
    long from = lowest & -alignment;
    map(space.layout().findFree(highest - from, alignment) - from);
  }

  private void map(long newBias) {
    bias = newBias;
    if (bias + highest > AddressSpace.END || bias + lowest < 0) {
      throw ErrnoException.of(Errno.ENOMEM);
    }
    if (!space.layout().isFree(bias + lowest, bias + highest)) {
      throw ErrnoException.of(Errno.EEXIST); // on the stack, or on the interpreter
    }
    for (int i = 0; i < elf.segments(); i++) {
      if (elf.type(i) == ElfHeader.PT_LOAD) {
        mapSegment(i);
        note(i);
      }
    }
  }

  private void mapSegment(int i) {
    AddressLayout layout = space.layout();
    long start = bias + elf.address(i);
    int within = (int) start & FRAME_SIZE - 1;
    long fileEnd = start + elf.fileSize(i);
    long end = start + elf.memorySize(i);
    int prot = protection(elf.flags(i));
    long mapped = start - within;
    if (fileEnd > start) {
      layout.map(
          mapped,
          fileEnd - mapped,
          prot,
          PRIVATE,
          file.pages(),
          elf.offset(i) - within,
          false,
          file.path());
      mapped = fileEnd + FRAME_SIZE - 1 & -FRAME_SIZE;
      if (end > fileEnd && (prot & MapFlag.PROT_WRITE) != 0) {
        // To the page's end, as Linux does: dynamic loaders use what is left of the page as memory.
        space.clear(fileEnd, mapped - fileEnd);
      }
    }
    if (end > mapped) {
      layout.map(mapped, end - mapped, prot, PRIVATE | MapFlag.MAP_ANONYMOUS, null, 0, true, null);
    }
  }

  private static int protection(int flags) {
    return ((flags & ElfHeader.PF_R) != 0 ? MapFlag.PROT_READ : 0)
        | ((flags & ElfHeader.PF_W) != 0 ? MapFlag.PROT_WRITE : 0)
        | ((flags & ElfHeader.PF_X) != 0 ? MapFlag.PROT_EXEC : 0);
  }

  private void note(int i) {
    long start = bias + elf.address(i);
    long end = start + elf.fileSize(i);
    codeStart = Math.min(codeStart, start);
    if ((elf.flags(i) & ElfHeader.PF_X) != 0) {
      codeEnd = Math.max(codeEnd, end);
    }
    dataStart = Math.max(dataStart, start);
    dataEnd = Math.max(dataEnd, end);
  }

  /** Tells the address space where code and data are. */
  void describe() {
    space.program().code(codeStart, codeEnd);
    space.program().data(dataStart, dataEnd);
  }

  /** If all its text is one segment: the address space has no other (but for the kernel's page). */
  void describeText() {
    if (textSegments == 1) {
      space.textIsOneSegment(
          file.pages(), bias + elf.address(text), elf.offset(text), elf.memorySize(text));
    }
  }

  /** What was added to the file's addresses. */
  long bias() {
    return bias;
  }

  /** The first address after the segments. */
  long end() {
    return bias + highest;
  }

  /** Where the program begins; throws EINVAL if no program can be there. */
  long entry() {
    long entry = bias + elf.entry();
    if (entry < 0 || entry >= AddressSpace.END) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    return entry;
  }

  /** Where the program headers are in memory; 0 if no segment has them. */
  long segmentsAddress() {
    long offset = elf.segmentsOffset();
    for (int i = 0; i < elf.segments(); i++) {
      if (elf.type(i) == ElfHeader.PT_LOAD
          && elf.offset(i) <= offset
          && offset - elf.offset(i) < elf.fileSize(i)) {
        return bias + elf.address(i) + offset - elf.offset(i);
      }
    }
    return 0;
  }
}
