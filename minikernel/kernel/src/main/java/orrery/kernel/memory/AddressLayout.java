package orrery.kernel.memory;

import static orrery.kernel.abi.MapFlag.MAP_ANONYMOUS;
import static orrery.kernel.abi.MapFlag.MAP_FIXED;
import static orrery.kernel.abi.MapFlag.MAP_FIXED_NOREPLACE;
import static orrery.kernel.abi.MapFlag.MAP_GROWSDOWN;
import static orrery.kernel.abi.MapFlag.MAP_LOCKED;
import static orrery.kernel.abi.MapFlag.MAP_NORESERVE;
import static orrery.kernel.abi.MapFlag.MAP_POPULATE;
import static orrery.kernel.abi.MapFlag.MAP_PRIVATE;
import static orrery.kernel.abi.MapFlag.MAP_SHARED;
import static orrery.kernel.abi.MapFlag.MAP_SHARED_VALIDATE;
import static orrery.kernel.abi.MapFlag.MAP_TYPE;
import static orrery.kernel.memory.PageTable.PAGE;
import static orrery.kernel.memory.PageTable.PAGE_SHIFT;
import static orrery.kernel.memory.PageTable.USER_END;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.abi.MapFlag;

/**
 * What is mapped where in one address space: mmap, munmap and mprotect, with {@link Remapping} for
 * mremap and {@link Heap} for brk. Failures are {@link ErrnoException}s with Linux's error numbers.
 * Source: Linux v6.1 {@code mm/mmap.c}, {@code mm/mprotect.c}.
 */
public final class AddressLayout {
  private static final int PROT_ALL =
      MapFlag.PROT_READ | MapFlag.PROT_WRITE | MapFlag.PROT_EXEC | MapFlag.PROT_SEM;

  /** From an access bit to the bit that says whether mprotect may set it. */
  private static final int MAY_SHIFT = 4;

  private final AddressSpace space;
  private final KernelMemory kernel;
  private final MappingTable mappings;
  private final PageRanges pages;
  private final FreeRanges free;
  private final Remapping remapping;
  private final Heap heap;

  /** Flags that new mappings get: LOCKED after mlockall(MCL_FUTURE). */
  private int defaultFlags;

  AddressLayout(AddressSpace space, KernelMemory kernel, MappingTable mappings, PageRanges pages) {
    this.space = space;
    this.kernel = kernel;
    this.mappings = mappings;
    this.pages = pages;
    this.free = new FreeRanges(mappings);
    this.remapping = new Remapping(space, kernel, mappings, pages, this, free);
    this.heap = new Heap(space, kernel, mappings, this, free);
  }

  /** Leaves as much room above mmap's addresses as the stack may grow; for exec. */
  public void leaveRoomForStack() {
    free.leaveRoomForStack(space.limits().soft(MemoryLimits.STACK));
  }

  /** The heap that brk(2) makes. */
  public Heap heap() {
    return heap;
  }

  int defaultFlags() {
    return defaultFlags;
  }

  void defaultFlags(int flags) {
    defaultFlags = flags;
  }

  void mapSignalPage(PageSource page) {
    int flags = Mapping.READ | Mapping.EXEC | Mapping.MAY_READ | Mapping.MAY_EXEC;
    long start = AddressSpace.SIGRETURN_ADDRESS;
    attach(new Mapping(space, start, start + PAGE, flags, page, 0, "[sigpage]"));
  }

  /**
   * mmap(2).
   *
   * @param hint the wanted address, or where it must be with MAP_FIXED
   * @param length bytes
   * @param prot PROT_ bits of {@link MapFlag}
   * @param flags MAP_ bits of {@link MapFlag}
   * @param source what is mapped; null for anonymous memory, private or shared
   * @param offset where in the source it starts, bytes, a multiple of the page size
   * @param writable whether a shared mapping may be writable: the file is open for that
   * @param name the file's path for /proc, or a name in brackets, or null
   * @return the address
   */
  public long map(
      long hint,
      long length,
      int prot,
      int flags,
      PageSource source,
      long offset,
      boolean writable,
      String name) {
    if (length == 0) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    long size = roundUp(length);
    if (size <= 0 || size > USER_END) {
      throw AddressSpace.noMemory();
    }
    long page = offset >>> PAGE_SHIFT;
    if (page + (size >>> PAGE_SHIFT) > Long.MAX_VALUE >>> PAGE_SHIFT) {
      throw ErrnoException.of(Errno.EOVERFLOW);
    }
    if (mappings.size() > KernelMemory.MAX_MAPPINGS) {
      throw AddressSpace.noMemory();
    }
    boolean fixed = (flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) != 0;
    long start = fixed ? fixedAddress(hint, size, flags) : free.choose(hint, size);
    int vmFlags = access(prot) | Mapping.MAY_READ | Mapping.MAY_WRITE | Mapping.MAY_EXEC;
    vmFlags |= defaultFlags | ((flags & MAP_LOCKED) != 0 ? Mapping.LOCKED : 0);
    if ((vmFlags & Mapping.LOCKED) != 0 && !space.mayLock(size)) {
      throw ErrnoException.of(Errno.EAGAIN);
    }
    boolean shared = isShared(flags);
    if (source != null && source.isDeviceMemory()) {
      requireMappable(source, page, size, prot, shared);
      vmFlags &= ~Mapping.MAY_EXEC;
    }
    if ((flags & MAP_GROWSDOWN) != 0) {
      if (shared || source != null) {
        throw ErrnoException.of(Errno.EINVAL);
      }
      vmFlags |= Mapping.GROWS_DOWN;
    }
    if (shared) {
      vmFlags |= Mapping.SHARED;
      if (!writable && source != null) {
        vmFlags &= ~Mapping.MAY_WRITE;
        if ((prot & MapFlag.PROT_WRITE) != 0) {
          throw ErrnoException.of(Errno.EACCES);
        }
      }
    }
    if ((flags & MAP_NORESERVE) != 0) {
      vmFlags |= Mapping.NO_RESERVE;
    }
    if (!space.mayExpand(vmFlags, size - (fixed ? mappedIn(start, start + size) : 0))) {
      throw AddressSpace.noMemory();
    }
    boolean reserves = shared ? source == null : (vmFlags & Mapping.WRITE) != 0;
    if (reserves && (flags & MAP_NORESERVE) == 0 && !kernel.canCommit(size)) {
      throw AddressSpace.noMemory();
    }
    PageSource mapped = source;
    String mappedName = name;
    if (shared && source == null) {
      mapped = kernel.sharedMemory(size);
      mappedName = "/dev/zero (deleted)";
      page = 0;
    } else if (source == null) {
      page = start >>> PAGE_SHIFT;
    }
    if (fixed) {
      unmapRange(start, start + size);
    }
    attach(new Mapping(space, start, start + size, vmFlags, mapped, page, mappedName));
    merge(mappings.indexFrom(start));
    if ((vmFlags & Mapping.LOCKED) != 0 || (flags & MAP_POPULATE) != 0) {
      space.advice().populate(start, start + size);
    }
    return start;
  }

  /**
   * Registers can be mapped as far as they go (Linux: pci_mmap_fits), not be executed (sysfs is
   * mounted noexec), and not be copied: what would be private has no meaning.
   */
  private static void requireMappable(
      PageSource registers, long page, long size, int prot, boolean shared) {
    if (!shared || page + (size >>> PAGE_SHIFT) > roundUp(registers.size()) >>> PAGE_SHIFT) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    if ((prot & MapFlag.PROT_EXEC) != 0) {
      throw ErrnoException.of(Errno.EPERM);
    }
  }

  private static boolean isShared(int flags) {
    return switch (flags & MAP_TYPE) {
      case MAP_SHARED -> true;
      case MAP_PRIVATE -> false;
      case MAP_SHARED_VALIDATE -> {
        if ((flags & MAP_ANONYMOUS) != 0) {
          throw ErrnoException.of(Errno.EINVAL);
        }
        yield true;
      }
      default -> throw ErrnoException.of(Errno.EINVAL);
    };
  }

  private static int access(int prot) {
    return prot & Mapping.ACCESS; // PROT_READ, PROT_WRITE and PROT_EXEC are the same bits
  }

  static long roundUp(long length) {
    return length + PAGE - 1 & -PAGE;
  }

  private long fixedAddress(long address, long size, int flags) {
    if (address < 0 || address > USER_END - size) {
      throw AddressSpace.noMemory();
    }
    if ((address & PAGE - 1) != 0) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    if ((flags & MAP_FIXED_NOREPLACE) != 0 && !mappings.isFree(address, address + size)) {
      throw ErrnoException.of(Errno.EEXIST);
    }
    return address;
  }

  /**
   * A free range whose start is a multiple of {@code alignment}; nothing is mapped yet.
   *
   * @param alignment a power of two, at least the page size
   */
  public long findFree(long size, long alignment) {
    if (size <= 0 || size > USER_END || alignment > USER_END) {
      throw AddressSpace.noMemory();
    }
    long found = free.choose(0, roundUp(size) + alignment - PAGE);
    return found + alignment - 1 & -alignment;
  }

  /** True if nothing is mapped from {@code start} up to {@code end}. */
  public boolean isFree(long start, long end) {
    return mappings.isFree(start, end);
  }

  /** Bytes that are mapped in a range. */
  private long mappedIn(long start, long end) {
    long n = 0;
    for (int i = mappings.indexFrom(start); i < mappings.size(); i++) {
      Mapping m = mappings.get(i);
      if (m.start >= end) {
        break;
      }
      n += Math.min(m.end, end) - Math.max(m.start, start);
    }
    return n;
  }

  /** munmap(2). */
  public void unmap(long start, long length) {
    if ((start & PAGE - 1) != 0
        || start < 0
        || length <= 0
        || length > USER_END
        || start > USER_END - length) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    unmapRange(start, start + roundUp(length));
  }

  void unmapRange(long start, long end) {
    int from = isolate(start, end);
    int to = from;
    boolean text = false;
    while (to < mappings.size() && mappings.get(to).start < end) {
      text |= mappings.get(to).isExecutable();
      to++;
    }
    if (from == to) {
      return;
    }
    pages.remove(start, end, true);
    pages.flush();
    for (int i = from; i < to; i++) {
      detach(mappings.get(i));
    }
    mappings.remove(from, to);
    if (text) {
      space.textChanged();
    }
  }

  /** Splits mappings so that none crosses the range's ends; the index of the first inside. */
  int isolate(long start, long end) {
    int i = mappings.indexFrom(start);
    boolean crossesStart = i < mappings.size() && mappings.get(i).start < start;
    if (crossesStart) {
      boolean splitsTwice = mappings.get(i).end > end;
      if (splitsTwice && mappings.size() >= KernelMemory.MAX_MAPPINGS) {
        throw AddressSpace.noMemory();
      }
      split(mappings.get(i), start);
      i++;
    }
    int last = mappings.indexFrom(end);
    if (last < mappings.size() && mappings.get(last).start < end) {
      split(mappings.get(last), end);
    }
    return i;
  }

  private void split(Mapping m, long at) {
    kernel.mappingAdded();
    Mapping upper = new Mapping(space, at, m.end, m.flags, m.source, m.pageOf(at), m.name);
    upper.hasOwnPages = m.hasOwnPages;
    m.end = at;
    mappings.add(upper);
    link(upper);
  }

  /** Makes the mapping at {@code index} one with its neighbours where they are alike. */
  void merge(int index) {
    if (index + 1 < mappings.size()) {
      mergeWithNext(index);
    }
    if (index > 0) {
      mergeWithNext(index - 1);
    }
  }

  private void mergeWithNext(int index) {
    Mapping m = mappings.get(index);
    Mapping next = mappings.get(index + 1);
    if (!m.joins(next) || m.is(Mapping.GROWS_DOWN)) {
      return;
    }
    m.end = next.end;
    m.hasOwnPages |= next.hasOwnPages;
    mappings.remove(index + 1, index + 2);
    unlink(next);
    kernel.mappingRemoved();
  }

  void attach(Mapping m) {
    kernel.mappingAdded();
    space.account(m.flags, m.end - m.start);
    mappings.add(m);
    link(m);
    if (m.isExecutable()) {
      space.textChanged();
    }
  }

  private void detach(Mapping m) {
    space.account(m.flags, m.start - m.end);
    unlink(m);
    kernel.mappingRemoved();
  }

  private static void link(Mapping m) {
    if (m.source != null) {
      m.source.mappings().add(m);
      m.source.mapped();
    }
  }

  private static void unlink(Mapping m) {
    if (m.source != null) {
      m.source.mappings().remove(m);
      m.source.unmapped();
    }
  }

  /** mprotect(2). */
  public void protect(long start, long length, int prot) {
    int wanted = prot & ~(MapFlag.PROT_GROWSDOWN | MapFlag.PROT_GROWSUP);
    boolean growsDown = (prot & MapFlag.PROT_GROWSDOWN) != 0;
    boolean growsUp = (prot & MapFlag.PROT_GROWSUP) != 0;
    if (growsDown && growsUp || (start & PAGE - 1) != 0) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    if (length == 0) {
      return;
    }
    long end = start + roundUp(length);
    if (end <= start || start < 0) {
      throw AddressSpace.noMemory();
    }
    if ((wanted & ~PROT_ALL) != 0 || growsUp) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    int i = mappings.indexFrom(start);
    if (i == mappings.size() || mappings.get(i).start >= end) {
      throw AddressSpace.noMemory();
    }
    long from = start;
    if (growsDown) {
      if (!mappings.get(i).is(Mapping.GROWS_DOWN)) {
        throw ErrnoException.of(Errno.EINVAL);
      }
      from = mappings.get(i).start;
    } else if (mappings.get(i).start > start) {
      throw AddressSpace.noMemory();
    }
    protectRange(from, end, access(wanted));
  }

  private void protectRange(long start, long end, int access) {
    long at = start;
    while (at < end) {
      Mapping m = mappings.find(at);
      if (m == null) {
        throw AddressSpace.noMemory();
      }
      if ((access & ~(m.flags >> MAY_SHIFT)) != 0) {
        throw ErrnoException.of(Errno.EACCES);
      }
      long to = Math.min(end, m.end);
      int flags = m.flags & ~Mapping.ACCESS | access;
      if (flags != m.flags) {
        protectMapping(at, to, flags);
      }
      at = to;
    }
  }

  private void protectMapping(long start, long end, int flags) {
    Mapping m = mappings.find(start);
    boolean becomesData =
        (flags & (Mapping.SHARED | Mapping.WRITE)) == Mapping.WRITE && !m.isWritable();
    if (becomesData
        && (!space.mayExpand(flags, 0)
            || !m.is(Mapping.NO_RESERVE) && !kernel.canCommit(end - start))) {
      throw AddressSpace.noMemory();
    }
    int i = isolate(start, end);
    m = mappings.get(i);
    boolean text = m.isExecutable() || (flags & Mapping.EXEC) != 0;
    changeFlags(m, flags);
    pages.protect(m, start, end);
    pages.flush();
    if (text) {
      space.textChanged();
    }
    merge(i);
  }

  /** mremap(2): the address. */
  public long remap(long address, long oldLength, long newLength, int flags, long newAddress) {
    return remapping.remap(address, oldLength, newLength, flags, newAddress);
  }

  void changeFlags(Mapping m, int flags) {
    space.account(m.flags, m.start - m.end);
    m.flags = flags;
    space.account(m.flags, m.end - m.start);
  }

  /** Takes over the mappings of a parent; their pages are another matter. */
  void copyFrom(AddressLayout parent) {
    free.copyFrom(parent.free);
    heap.copyFrom(parent.heap);
    for (int i = 0; i < parent.mappings.size(); i++) {
      Mapping m = parent.mappings.get(i);
      if (!m.is(Mapping.DONT_FORK)) {
        int flags = m.flags & ~Mapping.LOCKED; // locks are not inherited
        Mapping copy = new Mapping(space, m.start, m.end, flags, m.source, m.page, m.name);
        copy.hasOwnPages = m.hasOwnPages;
        attach(copy);
      }
    }
  }

  void removeAll() {
    for (int i = 0; i < mappings.size(); i++) {
      detach(mappings.get(i));
    }
    mappings.remove(0, mappings.size());
  }
}
