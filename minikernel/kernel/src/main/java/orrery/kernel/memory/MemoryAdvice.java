package orrery.kernel.memory;

import static orrery.kernel.memory.PageTable.PAGE;
import static orrery.kernel.memory.PageTable.USER_END;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.abi.MapFlag;

/**
 * What programs say and ask about memory that is mapped: madvise, mlock, mincore, msync. Failures
 * are {@link ErrnoException}s with Linux's error numbers. Source: Linux v6.1 {@code mm/madvise.c},
 * {@code mm/mlock.c}, {@code mm/mincore.c}, {@code mm/msync.c}.
 */
public final class MemoryAdvice {
  private final AddressSpace space;
  private final KernelMemory kernel;
  private final MappingTable mappings;
  private final PageRanges pages;

  MemoryAdvice(AddressSpace space, KernelMemory kernel, MappingTable mappings, PageRanges pages) {
    this.space = space;
    this.kernel = kernel;
    this.mappings = mappings;
    this.pages = pages;
  }

  /** madvise(2). */
  public void advise(long start, long length, int advice) {
    requireKnown(advice);
    long size = AddressLayout.roundUp(length);
    if ((start & PAGE - 1) != 0 || length != 0 && size == 0 || start + size < start || start < 0) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    if (size == 0) {
      return;
    }
    long end = Math.min(start + size, USER_END);
    if (advice == MapFlag.MADV_POPULATE_READ || advice == MapFlag.MADV_POPULATE_WRITE) {
      populateOrFail(start, start + size, advice == MapFlag.MADV_POPULATE_WRITE);
      return;
    }
    long at = start;
    boolean holes = start + size > USER_END;
    while (at < end) {
      int i = mappings.indexFrom(at);
      if (i == mappings.size() || mappings.get(i).start >= end) {
        holes = true;
        break;
      }
      Mapping m = mappings.get(i);
      holes |= m.start > at;
      at = Math.max(at, m.start);
      long to = Math.min(end, m.end);
      advise(m, at, to, advice);
      at = to;
    }
    if (holes) {
      throw AddressSpace.noMemory();
    }
  }

  private static void requireKnown(int advice) {
    boolean known =
        advice >= MapFlag.MADV_NORMAL && advice <= MapFlag.MADV_DONTNEED
            || advice >= MapFlag.MADV_FREE && advice <= MapFlag.MADV_DONTNEED_LOCKED;
    if (!known) {
      throw ErrnoException.of(Errno.EINVAL);
    }
  }

  private void advise(Mapping m, long start, long end, int advice) {
    switch (advice) {
      case MapFlag.MADV_DONTNEED, MapFlag.MADV_DONTNEED_LOCKED -> {
        if (m.is(Mapping.LOCKED) && advice == MapFlag.MADV_DONTNEED) {
          throw ErrnoException.of(Errno.EINVAL);
        }
        discard(m, start, end);
      }
      case MapFlag.MADV_FREE -> {
        // free to take the pages at once, as a kernel under pressure would
        if (m.source != null || m.is(Mapping.LOCKED)) {
          throw ErrnoException.of(Errno.EINVAL);
        }
        discard(m, start, end);
      }
      case MapFlag.MADV_REMOVE -> {
        if (m.source == null || m.is(Mapping.LOCKED)) {
          throw ErrnoException.of(Errno.EINVAL);
        }
        throw ErrnoException.of(m.isShared() ? Errno.EOPNOTSUPP : Errno.EACCES);
      }
      case MapFlag.MADV_COLD, MapFlag.MADV_PAGEOUT -> {
        if (m.is(Mapping.LOCKED)) {
          throw ErrnoException.of(Errno.EINVAL);
        }
      }
      case MapFlag.MADV_DONTFORK -> change(m, start, end, 0, Mapping.DONT_FORK);
      case MapFlag.MADV_DOFORK -> change(m, start, end, Mapping.DONT_FORK, 0);
      case MapFlag.MADV_WIPEONFORK -> {
        if (m.source != null || m.isShared()) {
          throw ErrnoException.of(Errno.EINVAL);
        }
        change(m, start, end, 0, Mapping.WIPE_ON_FORK);
      }
      case MapFlag.MADV_KEEPONFORK -> change(m, start, end, Mapping.WIPE_ON_FORK, 0);
      default -> {
        // hints about reading ahead, huge pages, merging and dumps: nothing here depends on them
      }
    }
  }

  private void discard(Mapping m, long start, long end) {
    pages.remove(start, end, true);
    pages.flush();
    if (m.isExecutable()) {
      space.textChanged();
    }
  }

  private void change(Mapping m, long start, long end, int clear, int set) {
    int flags = m.flags & ~clear | set;
    if (flags == m.flags) {
      return;
    }
    int i = space.layout().isolate(start, end);
    space.layout().changeFlags(mappings.get(i), flags);
    space.layout().merge(i);
  }

  /** Makes the pages of a range present as far as that goes. */
  void populate(long start, long end) {
    for (long va = start; va < end; va += PAGE) {
      Mapping m = mappings.find(va);
      if (m == null || !m.is(Mapping.ACCESS)) {
        return;
      }
      if (touch(va, m.isWritable() && !m.isShared()) != AddressSpace.FAULT_SERVED) {
        return;
      }
    }
  }

  private void populateOrFail(long start, long end, boolean write) {
    for (long va = start; va < end; va += PAGE) {
      Mapping m = space.mappingAt(va);
      if (m == null) {
        throw AddressSpace.noMemory();
      }
      if (!m.is(write ? Mapping.WRITE : Mapping.ACCESS)) {
        throw ErrnoException.of(Errno.EINVAL);
      }
      int outcome = touch(va, write);
      if (outcome == AddressSpace.FAULT_OUT_OF_MEMORY) {
        throw AddressSpace.noMemory();
      } else if (outcome != AddressSpace.FAULT_SERVED) {
        throw ErrnoException.of(Errno.EFAULT);
      }
    }
  }

  private int touch(long va, boolean write) {
    long pte = space.table.entry(va);
    if (write ? Pte.isWritable(pte) : Pte.isReadable(pte)) {
      return AddressSpace.FAULT_SERVED;
    }
    return space.faultForKernel(va, write);
  }

  /**
   * mlock(2) and mlock2(2).
   *
   * @param onFault only pages that get touched
   * @param unlimited whether RLIMIT_MEMLOCK does not matter (root)
   */
  public void lock(long start, long length, boolean onFault, boolean unlimited) {
    if (!unlimited && space.limits().soft(MemoryLimits.MEMLOCK) == 0) {
      throw ErrnoException.of(Errno.EPERM);
    }
    long from = start & -PAGE;
    long to = AddressLayout.roundUp(start + length);
    if (!unlimited && Long.compareUnsigned(to - from, Long.MAX_VALUE) < 0) {
      long already = lockedIn(from, to);
      if (!space.mayLock(to - from - already)) {
        throw AddressSpace.noMemory();
      }
    }
    lockRange(from, to, 0, Mapping.LOCKED);
    if (!onFault) {
      populate(from, to);
    }
  }

  /** munlock(2). */
  public void unlock(long start, long length) {
    lockRange(start & -PAGE, AddressLayout.roundUp(start + length), Mapping.LOCKED, 0);
  }

  /** mlockall(2); {@code unlimited} as in {@link #lock}. */
  public void lockAll(int flags, boolean unlimited) {
    int known = MapFlag.MCL_CURRENT | MapFlag.MCL_FUTURE | MapFlag.MCL_ONFAULT;
    if (flags == 0 || (flags & ~known) != 0 || flags == MapFlag.MCL_ONFAULT) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    long limit = space.limits().soft(MemoryLimits.MEMLOCK);
    if (!unlimited && limit == 0) {
      throw ErrnoException.of(Errno.EPERM);
    }
    boolean current = (flags & MapFlag.MCL_CURRENT) != 0;
    long size = space.totalPages() * PAGE;
    if (!unlimited && current && Long.compareUnsigned(size, limit) > 0) {
      throw AddressSpace.noMemory();
    }
    space.layout().defaultFlags((flags & MapFlag.MCL_FUTURE) != 0 ? Mapping.LOCKED : 0);
    if (current) {
      for (int i = 0; i < mappings.size(); i++) {
        Mapping m = mappings.get(i);
        space.layout().changeFlags(m, m.flags | Mapping.LOCKED);
        if ((flags & MapFlag.MCL_ONFAULT) == 0) {
          populate(m.start, m.end);
        }
      }
    }
  }

  /** munlockall(2). */
  public void unlockAll() {
    space.layout().defaultFlags(0);
    for (int i = 0; i < mappings.size(); i++) {
      Mapping m = mappings.get(i);
      space.layout().changeFlags(m, m.flags & ~Mapping.LOCKED);
    }
  }

  private long lockedIn(long start, long end) {
    long n = 0;
    for (int i = mappings.indexFrom(start); i < mappings.size(); i++) {
      Mapping m = mappings.get(i);
      if (m.start >= end) {
        break;
      }
      if (m.is(Mapping.LOCKED)) {
        n += Math.min(m.end, end) - Math.max(m.start, start);
      }
    }
    return n;
  }

  private void lockRange(long start, long end, int clear, int set) {
    if (end < start) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    if (start < 0 || end > USER_END) {
      if (start != end) {
        throw AddressSpace.noMemory();
      }
      return;
    }
    long at = start;
    while (at < end) {
      Mapping m = mappings.find(at);
      if (m == null) {
        throw AddressSpace.noMemory();
      }
      long to = Math.min(end, m.end);
      change(m, at, to, clear, set);
      at = to;
    }
  }

  /** mincore(2): a byte per page goes to {@code vector}, 1 if the page is in memory. */
  public void residency(long start, long length, long vector) {
    if ((start & PAGE - 1) != 0) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    if (!UserMemory.isUserRange(start, length)) {
      throw AddressSpace.noMemory();
    }
    long size = AddressLayout.roundUp(length);
    if (!UserMemory.isUserRange(vector, size / PAGE)) {
      throw ErrnoException.of(Errno.EFAULT);
    }
    for (long i = 0; i < size / PAGE; i++) {
      long va = start + i * PAGE;
      Mapping m = space.mappingAt(va);
      if (m == null) {
        throw AddressSpace.noMemory();
      }
      space.writeByte(vector + i, (byte) (isResident(m, va) ? 1 : 0));
    }
  }

  private boolean isResident(Mapping m, long va) {
    if (space.table.entry(va) != 0) {
      return true;
    }
    if (m.source == null) {
      return false;
    }
    long frame = m.source.residentPage(m.pageOf(va));
    if (frame == FrameAllocator.NONE) {
      return false;
    }
    kernel.frames().release(frame);
    return true;
  }

  /** msync(2), as far as the mappings go: what is to be written is the files' business. */
  public void sync(long start, long length, int flags) {
    int known = MapFlag.MS_ASYNC | MapFlag.MS_INVALIDATE | MapFlag.MS_SYNC;
    boolean both = (flags & MapFlag.MS_ASYNC) != 0 && (flags & MapFlag.MS_SYNC) != 0;
    if ((flags & ~known) != 0 || (start & PAGE - 1) != 0 || both) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    long end = start + AddressLayout.roundUp(length);
    if (end < start) {
      throw AddressSpace.noMemory();
    }
    long at = start;
    while (at < end) {
      Mapping m = space.mappingAt(at);
      if (m == null) {
        throw AddressSpace.noMemory();
      }
      if ((flags & MapFlag.MS_INVALIDATE) != 0 && m.is(Mapping.LOCKED)) {
        throw ErrnoException.of(Errno.EBUSY);
      }
      at = m.end;
    }
  }
}
