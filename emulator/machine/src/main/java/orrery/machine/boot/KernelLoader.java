package orrery.machine.boot;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import orrery.machine.Ram;

/**
 * Puts a kernel into RAM where its format wants it:
 *
 * <ul>
 *   <li>an arm64 Image at its text offset from the first free 2 MiB boundary;
 *   <li>an ELF file's segments at their physical addresses, or, if those are kernel-virtual as
 *       Linux's vmlinux has them, as an Image would lie;
 *   <li>a flat binary 512 KiB into RAM, where QEMU's machine "virt" puts it too.
 * </ul>
 */
final class KernelLoader {
  private static final long ALIGNMENT = 2 << 20;
  private static final long FLAT_OFFSET = 0x80000;

  private final Ram ram;
  private final long imageBase;

  /**
   * Loads into {@code ram}.
   *
   * @param imageBase offset in RAM from which an Image may lie, a multiple of 2 MiB
   */
  KernelLoader(Ram ram, long imageBase) {
    this.ram = ram;
    this.imageBase = imageBase;
  }

  /**
   * Loads a kernel.
   *
   * @throws orrery.machine.MachineException if it is unsuitable, cannot be read or does not fit
   */
  LoadedKernel load(KernelFile kernel) {
    try (Arena arena = Arena.ofConfined()) {
      return load(unpacked(kernel.open(arena), arena));
    } catch (KernelRejected e) {
      throw kernel.rejected(e.getMessage());
    }
  }

  private MemorySegment unpacked(MemorySegment file, Arena arena) {
    if (file.byteSize() == 0) {
      throw new KernelRejected("is empty: make or fetch it again");
    }
    if (Zboot.isAt(file)) {
      return Compressed.gunzip(Zboot.payload(file), ram.size(), arena);
    }
    return Compressed.isGzip(file) ? Compressed.gunzip(file, ram.size(), arena) : file;
  }

  private LoadedKernel load(MemorySegment kernel) {
    if (ImageHeader.isAt(kernel)) {
      return image(kernel);
    }
    if (ElfKernel.isAt(kernel)) {
      return elf(ElfKernel.of(kernel));
    }
    ForeignFormats.reject(kernel);
    copy(kernel, FLAT_OFFSET, kernel.byteSize());
    return loaded(FLAT_OFFSET, FLAT_OFFSET, FLAT_OFFSET + kernel.byteSize(), SymbolTable.EMPTY);
  }

  private LoadedKernel image(MemorySegment kernel) {
    PeHeader stub = PeHeader.of(kernel);
    if (stub != null && stub.machine() != PeHeader.MACHINE_ARM64) {
      throw new KernelRejected("is for another processor: bring an arm64 Image");
    }
    if (stub != null && stub.fileSize() > kernel.byteSize()) {
      throw new KernelRejected(
          "is truncated: it has "
              + kernel.byteSize()
              + " of "
              + stub.fileSize()
              + " bytes; fetch it again");
    }
    ImageHeader header = ImageHeader.of(kernel);
    long start = imageBase + header.textOffset();
    long claimed = Math.max(kernel.byteSize(), header.memorySize());
    copy(kernel, start, claimed);
    return loaded(start, start, start + claimed, SymbolTable.EMPTY);
  }

  private LoadedKernel elf(ElfKernel elf) {
    List<ElfKernel.Segment> segments = elf.segments();
    boolean physical = true;
    long lowest = -1;
    for (ElfKernel.Segment segment : segments) {
      physical &= segment.physicalAddress() >= 0;
      lowest = unsignedMin(lowest, segment.physicalAddress());
    }
    // Physical addresses in the upper half are Linux's virtual ones: it runs from anywhere.
    long shift = physical ? -ram.base() : imageBase + (lowest & ALIGNMENT - 1) - lowest;
    long end = 0;
    long entry = -1;
    for (ElfKernel.Segment segment : segments) {
      long at = segment.physicalAddress() + shift;
      copy(elf.content(segment), at, segment.memorySize());
      end = Math.max(end, at + segment.memorySize());
      long intoSegment = elf.entry() - segment.virtualAddress();
      if (intoSegment >= 0 && intoSegment < segment.memorySize()) {
        entry = at + intoSegment;
      }
    }
    if (entry < 0) {
      throw new KernelRejected("has its entry outside all of its segments: link it again");
    }
    return loaded(entry, lowest + shift, withBss(lowest + shift, end), elf.symbols());
  }

  /**
   * Linux claims more behind its last segment; its Image header, which vmlinux has too, says it.
   */
  private long withBss(long start, long end) {
    MemorySegment first = ram.segment().asSlice(start);
    if (!ImageHeader.isAt(first)) {
      return end;
    }
    long claimed = ImageHeader.of(first).memorySize();
    requireRoom(start, claimed);
    return Math.max(end, start + claimed);
  }

  private LoadedKernel loaded(long entry, long start, long end, SymbolTable symbols) {
    return new LoadedKernel(ram.base() + entry, ram.base() + start, ram.base() + end, symbols);
  }

  private void copy(MemorySegment bytes, long offset, long claimed) {
    requireRoom(offset, claimed);
    MemorySegment.copy(bytes, 0, ram.segment(), offset, bytes.byteSize());
  }

  private void requireRoom(long offset, long claimed) {
    if (offset < 0) {
      throw new KernelRejected(
          "is to lie below RAM, which starts at 0x"
              + Long.toHexString(ram.base())
              + ": link it for an address there");
    }
    if (!ram.contains(ram.base() + offset, claimed)) {
      throw new KernelRejected(
          "needs more than the "
              + (ram.size() >> 20)
              + " MiB of memory that the machine has: give more with --memory");
    }
  }

  private static long unsignedMin(long a, long b) {
    return Long.compareUnsigned(a, b) < 0 ? a : b;
  }
}
