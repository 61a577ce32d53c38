package orrery.kernel.memory;

import static orrery.kernel.memory.PageTable.PAGE;
import static orrery.kernel.memory.PageTable.PAGE_SHIFT;
import static orrery.kernel.memory.PageTable.USER_END;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.abi.MapFlag;

/** Grows, shrinks and moves mappings: mremap(2). Source: Linux v6.1 {@code mm/mremap.c}. */
final class Remapping {
  private final AddressSpace space;
  private final KernelMemory kernel;
  private final MappingTable mappings;
  private final PageRanges pages;
  private final AddressLayout layout;
  private final FreeRanges free;

  Remapping(
      AddressSpace space,
      KernelMemory kernel,
      MappingTable mappings,
      PageRanges pages,
      AddressLayout layout,
      FreeRanges free) {
    this.space = space;
    this.kernel = kernel;
    this.mappings = mappings;
    this.pages = pages;
    this.layout = layout;
    this.free = free;
  }

  /** mremap(2): the address. */
  long remap(long address, long oldLength, long newLength, int flags, long newAddress) {
    boolean fixed = (flags & MapFlag.MREMAP_FIXED) != 0;
    boolean mayMove = (flags & MapFlag.MREMAP_MAYMOVE) != 0;
    boolean keepsOld = (flags & MapFlag.MREMAP_DONTUNMAP) != 0;
    int known = MapFlag.MREMAP_FIXED | MapFlag.MREMAP_MAYMOVE | MapFlag.MREMAP_DONTUNMAP;
    if ((flags & ~known) != 0
        || fixed && !mayMove
        || keepsOld && (!mayMove || oldLength != newLength)
        || (address & PAGE - 1) != 0) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    long oldSize = AddressLayout.roundUp(oldLength);
    long newSize = AddressLayout.roundUp(newLength);
    if (newSize == 0) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    Mapping m = space.mappingAt(address);
    if (m == null) {
      throw ErrnoException.of(Errno.EFAULT);
    }
    if (fixed || keepsOld) {
      return remapTo(address, oldSize, newAddress, newSize, fixed, keepsOld);
    }
    if (Long.compareUnsigned(oldSize, newSize) >= 0) {
      if (oldSize != newSize) {
        layout.unmap(address + newSize, oldSize - newSize);
      }
      return address;
    }
    checkResize(m, address, oldSize, newSize);
    if (oldSize == m.end - address && growInPlace(m, newSize - oldSize)) {
      return address;
    }
    if (!mayMove) {
      throw AddressSpace.noMemory();
    }
    long target = free.choose(0, newSize);
    return moveMapping(m, address, oldSize, target, newSize, false);
  }

  private long remapTo(
      long address, long oldSize, long newAddress, long newSize, boolean fixed, boolean keepsOld) {
    if ((newAddress & PAGE - 1) != 0
        || newSize < 0
        || newSize > USER_END
        || newAddress < 0
        || newAddress > USER_END - newSize
        || fixed && address + oldSize > newAddress && newAddress + newSize > address) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    if (mappings.size() + 2 >= KernelMemory.MAX_MAPPINGS) {
      throw AddressSpace.noMemory();
    }
    if (fixed) {
      layout.unmapRange(newAddress, newAddress + newSize);
    }
    long size = oldSize;
    if (Long.compareUnsigned(oldSize, newSize) > 0) {
      layout.unmap(address + newSize, oldSize - newSize);
      size = newSize;
    }
    Mapping m = space.mappingAt(address);
    if (m == null) {
      throw ErrnoException.of(Errno.EFAULT);
    }
    checkResize(m, address, size, newSize);
    if (keepsOld && !space.mayExpand(m.flags, newSize)) {
      throw AddressSpace.noMemory();
    }
    long target = fixed ? newAddress : free.choose(newAddress, newSize);
    return moveMapping(m, address, size, target, newSize, keepsOld);
  }

  private void checkResize(Mapping m, long address, long oldSize, long newSize) {
    if (oldSize == 0 && !m.isShared()) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    if (Long.compareUnsigned(oldSize, m.end - address) > 0) {
      throw ErrnoException.of(Errno.EFAULT);
    }
    if (newSize < 0 || newSize > USER_END) {
      throw AddressSpace.noMemory();
    }
    long growth = newSize - oldSize;
    if (growth == 0) {
      return;
    }
    if (m.is(Mapping.LOCKED) && !space.mayLock(growth)) {
      throw ErrnoException.of(Errno.EAGAIN);
    }
    boolean reserves = m.isWritable() && !m.isShared() && !m.is(Mapping.NO_RESERVE);
    if (!space.mayExpand(m.flags, growth) || reserves && !kernel.canCommit(newSize)) {
      throw AddressSpace.noMemory();
    }
  }

  private boolean growInPlace(Mapping m, long growth) {
    if (growth > USER_END - m.end || !free.isFreeWithGuard(m.end, m.end + growth)) {
      return false;
    }
    long oldEnd = m.end;
    space.account(m.flags, growth);
    m.end += growth;
    int i = mappings.indexFrom(m.start);
    if (m.is(Mapping.LOCKED)) {
      space.advice().populate(oldEnd, oldEnd + growth);
    }
    layout.merge(i);
    return true;
  }

  private long moveMapping(
      Mapping m, long from, long oldSize, long to, long newSize, boolean keepsOld) {
    if (mappings.size() >= KernelMemory.MAX_MAPPINGS - 3) {
      throw AddressSpace.noMemory();
    }
    int flags = m.flags;
    boolean ownPages = m.source == null;
    // private pages keep their number, so that they still can be merged with their neighbours
    long page = ownPages ? to >>> PAGE_SHIFT : m.pageOf(from);
    Mapping moved = new Mapping(space, to, to + newSize, flags, m.source, page, m.name);
    moved.hasOwnPages = m.hasOwnPages;
    layout.attach(moved);
    try {
      pages.move(from, oldSize, to);
    } catch (ErrnoException outOfMemory) {
      layout.unmapRange(to, to + newSize);
      throw outOfMemory;
    } finally {
      pages.flush();
    }
    if (keepsOld) {
      layout.changeFlags(m, m.flags & ~Mapping.LOCKED);
    } else if (oldSize != 0) {
      layout.unmapRange(from, from + oldSize);
    }
    if ((flags & Mapping.LOCKED) != 0) {
      space.advice().populate(to, to + newSize);
    }
    if ((flags & Mapping.EXEC) != 0) {
      space.textChanged();
    }
    layout.merge(mappings.indexFrom(to));
    return to;
  }
}
