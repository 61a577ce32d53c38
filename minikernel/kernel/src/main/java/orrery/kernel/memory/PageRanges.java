package orrery.kernel.memory;

import static orrery.kernel.memory.PageTable.PAGE;
import static orrery.kernel.memory.PageTable.TABLE_SPAN;
import static orrery.kernel.memory.PageTable.USER_END;

/**
 * What is done to the pages of a range at once: removal, change of permissions, sharing with a
 * forked child, moving. Only tables that exist are looked at. What the CPU must forget is collected
 * and forgotten by {@link #flush}.
 */
final class PageRanges {
  /** Above so many pages it is quicker to make the CPU forget everything. */
  private static final int FLUSH_LIMIT = 32;

  private final AddressSpace space;
  private final FrameAllocator frames;
  private final PageTable table;
  private final long zeroFrame;

  /** A table at once: to read descriptors one by one is slow before it is compiled. */
  private final long[] descriptors;

  private int flushed;

  PageRanges(AddressSpace space, KernelMemory kernel, PageTable table) {
    this.space = space;
    this.frames = kernel.frames();
    this.table = table;
    this.zeroFrame = kernel.zeroFrame();
    this.descriptors = kernel.tableCopy();
  }

  /** Makes the CPU forget what the operations before made untrue. */
  void flush() {
    if (flushed > FLUSH_LIMIT) {
      space.flushAll();
    }
    flushed = 0;
  }

  private void untrue(long va) {
    if (++flushed <= FLUSH_LIMIT) {
      space.flushPage(va);
    }
  }

  /**
   * Takes the pages of a range away.
   *
   * @param privateToo whether a process's own copies go too
   */
  void remove(long start, long end, boolean privateToo) {
    long va = table.nextTable(start, end);
    while (va < end) {
      long tableEnd = Math.min(end, (va & -TABLE_SPAN) + TABLE_SPAN);
      long slot = table.slot(va);
      for (long page = va; page < tableEnd; page += PAGE, slot += Long.BYTES) {
        long pte = table.get(slot);
        if (pte != 0 && (privateToo || !Pte.isAnonymous(pte))) {
          drop(slot, pte);
          if (Pte.isReadable(pte)) {
            untrue(page);
          }
        }
      }
      table.prune(va);
      va = table.nextTable(tableEnd, end);
    }
  }

  /** Takes all pages away; the CPU is not told, for it will never run here again. */
  void removeAll() {
    long va = table.nextTable(0, USER_END);
    while (va < USER_END) {
      removeTable(table.slot(va));
      table.prune(va);
      va = table.nextTable(va + TABLE_SPAN, USER_END);
    }
  }

  private void removeTable(long slot) {
    table.read(slot, descriptors, PageTable.ENTRIES);
    int used = table.used(slot);
    int anonymous = 0;
    int ofSource = 0;
    for (int i = 0, left = used; left > 0; i++) {
      long pte = descriptors[i];
      if (pte != 0) {
        left--;
        if (Pte.isDevice(pte)) {
          continue;
        }
        long frame = Pte.frame(pte);
        if (Pte.isAnonymous(pte)) {
          anonymous++;
        } else if (frame != zeroFrame) {
          ofSource++;
        }
        frames.release(frame);
      }
    }
    table.forget(slot, used);
    space.residentAnonymous(-anonymous);
    space.residentSource(-ofSource);
  }

  private void drop(long slot, long pte) {
    table.clear(slot);
    if (!Pte.isDevice(pte)) {
      count(space, pte, -1);
      frames.release(Pte.frame(pte));
    }
  }

  private void count(AddressSpace s, long pte, long n) {
    if (Pte.isAnonymous(pte)) {
      s.residentAnonymous(n);
    } else if (Pte.frame(pte) != zeroFrame) {
      s.residentSource(n);
    }
  }

  /** Gives the pages of {@code m} from {@code start} to {@code end} the permissions of m. */
  void protect(Mapping m, long start, long end) {
    long va = table.nextTable(start, end);
    while (va < end) {
      long tableEnd = Math.min(end, (va & -TABLE_SPAN) + TABLE_SPAN);
      long slot = table.slot(va);
      for (long page = va; page < tableEnd; page += PAGE, slot += Long.BYTES) {
        long pte = table.get(slot);
        if (pte != 0) {
          protect(m, page, slot, pte);
        }
      }
      va = table.nextTable(tableEnd, end);
    }
  }

  private void protect(Mapping m, long va, long slot, long pte) {
    long frame = Pte.frame(pte);
    long permissions = Pte.READ;
    if (!m.is(Mapping.ACCESS)) {
      permissions = Pte.NO_ACCESS;
    } else if (m.isExecutable()) {
      permissions = Pte.READ_EXECUTE;
      frames.noteExecutable(frame);
    } else if (Pte.isDevice(pte)) {
      permissions = m.isWritable() ? Pte.READ_WRITE : Pte.READ;
    } else if (m.isWritable()
        && (m.isShared() || Pte.isAnonymous(pte) && frames.references(frame) == 1)) {
      permissions = Pte.READ_WRITE;
      frames.noteWritable(frame);
    }
    long changed = Pte.with(pte, permissions);
    if (changed != pte) {
      table.replace(slot, changed);
      if (Pte.isReadable(pte)) {
        untrue(va);
      }
    }
  }

  /**
   * Shares the pages of {@code m} with a child that has the same mapping.
   *
   * @throws orrery.kernel.abi.ErrnoException ENOMEM
   */
  void copyTo(AddressSpace child, Mapping m) {
    long va = table.nextTable(m.start, m.end);
    while (va < m.end) {
      long tableEnd = Math.min(m.end, (va & -TABLE_SPAN) + TABLE_SPAN);
      copyTable(child, m, va, tableEnd);
      va = table.nextTable(tableEnd, m.end);
    }
  }

  private void copyTable(AddressSpace child, Mapping m, long va, long end) {
    long slot = table.slot(va);
    int pages = (int) (end - va >>> PageTable.PAGE_SHIFT);
    table.read(slot, descriptors, pages);
    long childSlot = 0;
    for (int i = 0; i < pages; i++) {
      long pte = descriptors[i];
      if (pte != 0) {
        if (childSlot == 0) {
          childSlot = child.table.slotOrMake(va);
          if (childSlot == 0) {
            throw AddressSpace.noMemory();
          }
        }
        long offset = (long) i * Long.BYTES;
        copy(
            child,
            m,
            va + ((long) i << PageTable.PAGE_SHIFT),
            slot + offset,
            pte,
            childSlot + offset);
      }
    }
  }

  private void copy(AddressSpace child, Mapping m, long va, long slot, long pte, long childSlot) {
    long shared = pte;
    frames.share(Pte.frame(pte));
    if (Pte.isWritable(pte) && !m.isShared()) {
      shared = Pte.with(pte, Pte.READ);
      table.replace(slot, shared);
      untrue(va);
    }
    child.table.fill(childSlot, shared);
    count(child, pte, 1);
  }

  /**
   * Moves the pages of a range to another, where there are none.
   *
   * @throws orrery.kernel.abi.ErrnoException ENOMEM: nothing has moved
   */
  void move(long from, long length, long to) {
    makeTables(to, length);
    long end = from + length;
    long va = table.nextTable(from, end);
    while (va < end) {
      long tableEnd = Math.min(end, (va & -TABLE_SPAN) + TABLE_SPAN);
      for (long page = va; page < tableEnd; page += PAGE) {
        long slot = table.slot(page);
        long pte = table.get(slot);
        if (pte != 0) {
          table.clear(slot);
          table.fill(table.slot(page - from + to), pte);
          if (Pte.isReadable(pte)) {
            untrue(page);
          }
        }
      }
      va = table.nextTable(tableEnd, end);
    }
    // not before: a table that got empty on the one side may be waited for by the other
    pruneTables(from, length);
    pruneTables(to, length);
  }

  private void makeTables(long start, long length) {
    for (long va = start & -TABLE_SPAN; va < start + length; va += TABLE_SPAN) {
      if (table.slotOrMake(va) == 0) {
        pruneTables(start, length);
        throw AddressSpace.noMemory();
      }
    }
  }

  private void pruneTables(long start, long length) {
    for (long va = start & -TABLE_SPAN; va < start + length; va += TABLE_SPAN) {
      table.prune(va);
    }
  }
}
