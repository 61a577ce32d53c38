package orrery.kernel.memory;

import static orrery.kernel.memory.PageTable.PAGE;
import static orrery.kernel.memory.PageTable.USER_END;

/**
 * Chooses the addresses of new mappings: from the stack's room downwards, then from the bottom
 * upwards. Source: Linux v6.1 {@code mm/mmap.c}, {@code arch_get_unmapped_area_topdown}.
 */
final class FreeRanges {
  /** Room left for the stack above the addresses that are chosen. */
  private static final long STACK_ROOM_MIN = 128L << 20;

  private static final long STACK_ROOM_MAX = USER_END / 6 * 5;
  private static final long BOTTOM_UP_BASE = USER_END / 4;

  private final MappingTable mappings;
  private long top = AddressSpace.STACK_TOP - STACK_ROOM_MIN;

  FreeRanges(MappingTable mappings) {
    this.mappings = mappings;
  }

  /**
   * Leaves as much room as the stack may grow.
   *
   * @param limit of the stack, bytes; negative for none
   */
  void leaveRoomForStack(long limit) {
    long room = limit < 0 ? STACK_ROOM_MAX : limit + PageFaults.STACK_GUARD;
    top = AddressSpace.STACK_TOP - Math.clamp(room, STACK_ROOM_MIN, STACK_ROOM_MAX) & -PAGE;
  }

  /** A free range: at the hint if possible, else as high as possible below the stack's room. */
  long choose(long hint, long size) {
    long wanted = hint == 0 ? 0 : Math.max(hint & -PAGE, AddressSpace.LOWEST_ADDRESS);
    if (wanted > 0 && wanted <= USER_END - size && isFreeWithGuard(wanted, wanted + size)) {
      return wanted;
    }
    long found = below(top, size);
    if (found == 0) {
      found = above(BOTTOM_UP_BASE, size);
    }
    if (found == 0) {
      throw AddressSpace.noMemory();
    }
    return found;
  }

  /** True if nothing is mapped there, nor is it the room below a stack. */
  boolean isFreeWithGuard(long start, long end) {
    int i = mappings.indexFrom(start);
    return i == mappings.size() || guardedStart(mappings.get(i)) >= end;
  }

  /** Where a mapping starts with the room that a stack keeps free below it. */
  private static long guardedStart(Mapping m) {
    return m.is(Mapping.GROWS_DOWN) ? Math.max(0, m.start - PageFaults.STACK_GUARD) : m.start;
  }

  private long below(long top, long size) {
    int i = mappings.indexFrom(top);
    long high = i < mappings.size() ? Math.min(top, guardedStart(mappings.get(i))) : top;
    while (true) {
      long low = i == 0 ? AddressSpace.LOWEST_ADDRESS : mappings.get(i - 1).end;
      if (high - Math.max(low, AddressSpace.LOWEST_ADDRESS) >= size) {
        return high - size;
      }
      if (i == 0) {
        return 0;
      }
      high = Math.min(high, guardedStart(mappings.get(--i)));
    }
  }

  private long above(long bottom, long size) {
    long low = bottom;
    for (int i = mappings.indexFrom(bottom); i < mappings.size(); i++) {
      Mapping m = mappings.get(i);
      if (guardedStart(m) - low >= size) {
        return low;
      }
      low = Math.max(low, m.end);
    }
    return USER_END - low >= size ? low : 0;
  }

  void copyFrom(FreeRanges parent) {
    top = parent.top;
  }
}
