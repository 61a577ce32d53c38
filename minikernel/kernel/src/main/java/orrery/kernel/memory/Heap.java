package orrery.kernel.memory;

import static orrery.kernel.memory.PageTable.PAGE;
import static orrery.kernel.memory.PageTable.PAGE_SHIFT;
import static orrery.kernel.memory.PageTable.USER_END;

/** The memory behind a program's data, which ends where the program says: brk(2). */
public final class Heap {
  private static final int MAY_ALL = Mapping.MAY_READ | Mapping.MAY_WRITE | Mapping.MAY_EXEC;

  private final AddressSpace space;
  private final KernelMemory kernel;
  private final MappingTable mappings;
  private final AddressLayout layout;
  private final FreeRanges free;
  private long start;
  private long end;

  Heap(
      AddressSpace space,
      KernelMemory kernel,
      MappingTable mappings,
      AddressLayout layout,
      FreeRanges free) {
    this.space = space;
    this.kernel = kernel;
    this.mappings = mappings;
    this.layout = layout;
    this.free = free;
  }

  /** Puts an empty heap at an address; for exec. */
  public void startAt(long address) {
    start = address;
    end = address;
  }

  /** Where it starts. */
  public long start() {
    return start;
  }

  /** Where it ends, to the byte. */
  public long end() {
    return end;
  }

  /** brk(2): the new end of the heap, or the old one if it cannot be moved there. */
  public long moveEnd(long wanted) {
    if (wanted < start || wanted > USER_END - PAGE) {
      return end;
    }
    long limit = space.limits().soft(MemoryLimits.DATA);
    long used = wanted - start + (space.program().dataEnd() - space.program().dataStart());
    if (Long.compareUnsigned(used, limit) > 0) {
      return end;
    }
    long oldTop = AddressLayout.roundUp(end);
    long newTop = AddressLayout.roundUp(wanted);
    if (newTop < oldTop) {
      layout.unmapRange(newTop, oldTop);
    } else if (newTop > oldTop && !grow(oldTop, newTop)) {
      return end;
    }
    end = wanted;
    return wanted;
  }

  private boolean grow(long from, long to) {
    int flags = Mapping.READ | Mapping.WRITE | MAY_ALL | layout.defaultFlags();
    long growth = to - from;
    if (!free.isFreeWithGuard(from, to + PAGE)
        || !space.mayExpand(flags, growth)
        || !kernel.canCommit(growth)
        || mappings.size() > KernelMemory.MAX_MAPPINGS
        || (flags & Mapping.LOCKED) != 0 && !space.mayLock(growth)) {
      return false;
    }
    layout.attach(new Mapping(space, from, to, flags, null, from >>> PAGE_SHIFT, "[heap]"));
    layout.merge(mappings.indexFrom(from));
    if ((flags & Mapping.LOCKED) != 0) {
      space.advice().populate(from, to);
    }
    return true;
  }

  void copyFrom(Heap parent) {
    start = parent.start;
    end = parent.end;
  }
}
