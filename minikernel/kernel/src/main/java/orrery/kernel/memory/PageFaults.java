package orrery.kernel.memory;

import static orrery.kernel.memory.PageTable.PAGE;
import static orrery.kernel.memory.PageTable.PAGE_SHIFT;
import static orrery.kernel.memory.PageTable.USER_END;

import orrery.kernel.hw.PhysicalMemory;

/**
 * Page faults of one address space: demand paging, copy-on-write, growth of the stack. Nothing here
 * allocates.
 *
 * <p>A page is never writable and executable at once, because the engine's stores to executable
 * pages are slow and it would not see code change: a page of a mapping that is both changes sides
 * at each fault.
 */
final class PageFaults {
  /** An address's top byte is a tag that the CPU ignores (TCR_EL1.TBI0). */
  private static final long WITHOUT_TAG = (1L << 56) - 1;

  /** Pages kept free below a stack (stack_guard_gap). */
  static final long STACK_GUARD = 256 * PAGE;

  /** A fault in a file maps what is there of its neighbours, in aligned groups of so many bytes. */
  private static final long AROUND = 16 * PAGE;

  /** After so many pages filled in a row the rest of the group is filled at the next fault. */
  private static final int STREAK = 4;

  /** No page is filled ahead when fewer than one in 2^this of all frames are free. */
  private static final int AHEAD_RESERVE = 4;

  private final AddressSpace space;
  private final PhysicalMemory memory;
  private final FrameAllocator frames;
  private final MappingTable mappings;
  private final PageTable table;
  private final long zeroFrame;

  PageFaults(AddressSpace space, KernelMemory kernel, MappingTable mappings, PageTable table) {
    this.space = space;
    this.memory = kernel.physical();
    this.frames = kernel.frames();
    this.mappings = mappings;
    this.table = table;
    this.zeroFrame = kernel.zeroFrame();
  }

  int fault(long address, boolean write, boolean execute) {
    long va = address & WITHOUT_TAG & -PAGE;
    if (va >= USER_END) {
      return AddressSpace.FAULT_NOT_MAPPED;
    }
    Mapping m = mappings.find(va);
    if (m == null) {
      m = growStack(va);
      if (m == null) {
        return AddressSpace.FAULT_NOT_MAPPED;
      }
    }
    // Linux: what can be written or executed can be read
    int needed = execute ? Mapping.EXEC : write ? Mapping.WRITE : Mapping.ACCESS;
    if ((m.flags & needed) == 0) {
      return AddressSpace.FAULT_NOT_PERMITTED;
    }
    long slot = table.slotOrMake(va);
    if (slot == 0) {
      return AddressSpace.FAULT_OUT_OF_MEMORY;
    }
    long pte = table.get(slot);
    if (pte != 0) {
      return change(m, va, slot, pte, write, execute);
    }
    int outcome =
        m.source == null
            ? fillAnonymous(m, va, slot, write)
            : fillFromSource(m, va, slot, write, execute);
    if (outcome != AddressSpace.FAULT_SERVED) {
      table.prune(va);
    }
    return outcome;
  }

  private int fillAnonymous(Mapping m, long va, long slot, boolean write) {
    if (!write) {
      frames.share(zeroFrame);
      install(slot, zeroFrame | Pte.PAGE | readPermissions(m, zeroFrame, true));
      return AddressSpace.FAULT_SERVED;
    }
    long frame = frames.allocateZeroed();
    if (frame == FrameAllocator.NONE) {
      return AddressSpace.FAULT_OUT_OF_MEMORY;
    }
    installOwn(slot, frame);
    if (isStreak(va, slot)) {
      fillAhead(m, va, slot);
    }
    return AddressSpace.FAULT_SERVED;
  }

  /** Whether the program has just filled the pages before {@code va}, and likely goes on so. */
  private boolean isStreak(long va, long slot) {
    if ((va & PageTable.TABLE_SPAN - 1) < STREAK * PAGE) {
      return false; // the pages before are in another table
    }
    for (long at = slot - STREAK * Long.BYTES; at < slot; at += Long.BYTES) {
      if (!Pte.isAnonymous(table.get(at))) {
        return false;
      }
    }
    return true;
  }

  /** Gives the pages behind {@code va}, up to the end of its group, their frames at once. */
  private void fillAhead(Mapping m, long va, long slot) {
    if (frames.free() < frames.total() >>> AHEAD_RESERVE) {
      return;
    }
    long to = Math.min(m.end, (va & -AROUND) + AROUND);
    long at = slot + Long.BYTES;
    for (long page = va + PAGE; page < to && table.get(at) == 0; page += PAGE, at += Long.BYTES) {
      long frame = frames.allocateZeroed();
      if (frame == FrameAllocator.NONE) {
        return;
      }
      installOwn(at, frame);
    }
  }

  private int fillFromSource(Mapping m, long va, long slot, boolean write, boolean execute) {
    long frame = m.source.page(m.pageOf(va));
    if (frame == FrameAllocator.NONE) {
      return AddressSpace.FAULT_BEYOND_END;
    }
    if (m.source.isDeviceMemory()) {
      install(slot, frame | Pte.DEVICE_PAGE | (m.isWritable() ? Pte.READ_WRITE : Pte.READ));
      return AddressSpace.FAULT_SERVED;
    }
    if (write && !m.isShared()) {
      long copy = frames.allocate();
      if (copy != FrameAllocator.NONE) {
        memory.copy(frame, copy, PAGE);
      }
      frames.release(frame);
      if (copy == FrameAllocator.NONE) {
        return AddressSpace.FAULT_OUT_OF_MEMORY;
      }
      m.hasOwnPages = true;
      installOwn(slot, copy);
      return AddressSpace.FAULT_SERVED;
    }
    installSource(m, slot, frame, execute);
    if (!write) {
      fillAround(m, va, slot);
    }
    return AddressSpace.FAULT_SERVED;
  }

  /** Maps the neighbours of {@code va} that the source has at hand and nobody mapped yet. */
  private void fillAround(Mapping m, long va, long slot) {
    long from = Math.max(m.start, va & -AROUND);
    long to = Math.min(m.end, (va & -AROUND) + AROUND);
    // an aligned group never leaves its table
    long at = slot - (va - from >>> PAGE_SHIFT - 3);
    long index = m.pageOf(from);
    for (long page = from; page < to; page += PAGE, at += Long.BYTES, index++) {
      if (table.get(at) == 0) {
        long frame = m.source.residentPage(index);
        if (frame != FrameAllocator.NONE) {
          installSource(m, at, frame, false);
        }
      }
    }
  }

  private void installSource(Mapping m, long slot, long frame, boolean execute) {
    long permissions;
    if (m.isShared() && m.isWritable() && !execute) {
      permissions = Pte.READ_WRITE;
      frames.noteWritable(frame);
    } else {
      permissions = readPermissions(m, frame, m.isShared() && m.isWritable());
    }
    install(slot, frame | Pte.PAGE | permissions);
    space.residentSource(1);
  }

  private void installOwn(long slot, long frame) {
    frames.noteWritable(frame);
    install(slot, frame | Pte.PAGE | Pte.ANONYMOUS | Pte.READ_WRITE);
    space.residentAnonymous(1);
  }

  private void install(long slot, long pte) {
    table.fill(slot, pte);
  }

  /**
   * Read, and execute if the mapping allows it.
   *
   * @param ownText true if other address spaces with the same text may have another frame there
   */
  private long readPermissions(Mapping m, long frame, boolean ownText) {
    if (!m.isExecutable()) {
      return Pte.READ;
    }
    frames.noteExecutable(frame);
    if (ownText) {
      space.textChanged();
    }
    return Pte.READ_EXECUTE;
  }

  /** The page is there, but not for this access. */
  private int change(Mapping m, long va, long slot, long pte, boolean write, boolean execute) {
    if (write ? Pte.isWritable(pte) : execute ? Pte.isExecutable(pte) : Pte.isReadable(pte)) {
      space.flushPage(va); // the CPU remembers what is no longer true
      return AddressSpace.FAULT_SERVED;
    }
    if (!write) {
      boolean own = Pte.isAnonymous(pte) || m.isShared() && m.isWritable();
      table.replace(slot, Pte.with(pte, readPermissions(m, Pte.frame(pte), own)));
      if (Pte.isWritable(pte)) {
        space.flushPage(va);
      }
      return AddressSpace.FAULT_SERVED;
    }
    boolean wasExecutable = Pte.isExecutable(pte);
    long changed = m.isShared() ? pte : ownCopy(pte);
    if (changed == 0) {
      return AddressSpace.FAULT_OUT_OF_MEMORY;
    }
    m.hasOwnPages |= !m.isShared();
    frames.noteWritable(Pte.frame(changed));
    table.replace(slot, Pte.with(changed, Pte.READ_WRITE));
    if (wasExecutable) {
      space.flushPage(va);
      space.textChanged();
    }
    return AddressSpace.FAULT_SERVED;
  }

  /** A descriptor whose frame is the process's own: the same one if nobody else uses it. */
  private long ownCopy(long pte) {
    long frame = Pte.frame(pte);
    if (frames.references(frame) == 1) {
      if (!Pte.isAnonymous(pte)) { // the file has gone meanwhile
        space.residentSource(-1);
        space.residentAnonymous(1);
      }
      return pte | Pte.ANONYMOUS;
    }
    long copy = frames.allocate();
    if (copy == FrameAllocator.NONE) {
      return 0;
    }
    if (frame == zeroFrame) {
      memory.zero(copy, PAGE);
    } else {
      memory.copy(frame, copy, PAGE);
    }
    if (!Pte.isAnonymous(pte)) {
      space.residentAnonymous(1);
      if (frame != zeroFrame) {
        space.residentSource(-1);
      }
    }
    frames.release(frame);
    return pte & ~Pte.ADDRESS | copy | Pte.ANONYMOUS;
  }

  /** The stack above {@code va}, grown down to it; null if there is none or it may not grow. */
  private Mapping growStack(long va) {
    int i = mappings.indexFrom(va);
    if (i == mappings.size()) {
      return null;
    }
    Mapping m = mappings.get(i);
    long growth = m.start - va;
    if (!m.is(Mapping.GROWS_DOWN) || va < AddressSpace.LOWEST_ADDRESS) {
      return null;
    }
    if (i > 0) {
      Mapping below = mappings.get(i - 1);
      boolean guarded = !below.is(Mapping.GROWS_DOWN) && below.is(Mapping.ACCESS);
      if (guarded && va - below.end < STACK_GUARD) {
        return null;
      }
    }
    if (Long.compareUnsigned(m.end - va, space.limits().soft(MemoryLimits.STACK)) > 0
        || !space.mayExpand(m.flags, growth)
        || m.is(Mapping.LOCKED) && !space.mayLock(growth)) {
      return null;
    }
    space.account(m.flags, growth);
    m.page -= growth >>> PAGE_SHIFT;
    m.start = va;
    return m;
  }
}
