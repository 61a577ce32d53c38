package orrery.kernel.memory;

import orrery.kernel.hw.PhysicalMemory;

/**
 * The translation tables of an address space: three levels, 39-bit addresses, in page frames.
 *
 * <p>A table's frame has one reference of its own and one for each entry in use, so that a table
 * which got empty is known without looking through it.
 */
final class PageTable {
  /** The first address beyond those that a program can have. */
  static final long USER_END = 1L << 39;

  static final long PAGE = PhysicalMemory.FRAME_SIZE;
  static final int PAGE_SHIFT = PhysicalMemory.FRAME_SHIFT;

  private static final int LEVEL_BITS = 9;
  private static final long INDEX_MASK = (1 << LEVEL_BITS) - 1;

  /** Descriptors of a table. */
  static final int ENTRIES = 1 << LEVEL_BITS;

  private static final int LEVEL2_SHIFT = PAGE_SHIFT + LEVEL_BITS;
  private static final int LEVEL1_SHIFT = LEVEL2_SHIFT + LEVEL_BITS;

  /** The addresses that one last-level table covers, in bytes. */
  static final long TABLE_SPAN = 1L << LEVEL2_SHIFT;

  private static final long MIDDLE_SPAN = 1L << LEVEL1_SHIFT;

  private final PhysicalMemory memory;
  private final FrameAllocator frames;
  private final long root;
  private int tables = 1;

  /** Many entries at once: to read them one by one is slow before it is compiled. */
  private final long[] copy;

  // The last-level table that was used last.
  private long recentRegion = -1;
  private long recentTable;

  /**
   * Empty tables.
   *
   * @param root a zeroed frame, owned from now on
   * @param copy room for a table's entries, in which nothing is kept
   */
  PageTable(FrameAllocator frames, long root, long[] copy) {
    this.copy = copy;
    this.memory = frames.memory();
    this.frames = frames;
    this.root = root;
  }

  /** Physical address of the level 1 table. */
  long root() {
    return root;
  }

  /** Frames that the tables take. */
  int tables() {
    return tables;
  }

  /** Where the descriptor of the page at {@code va} is; 0 if there is no table for it. */
  long slot(long va) {
    if (va >>> LEVEL2_SHIFT != recentRegion) {
      long table = lastLevel(va);
      if (table == 0) {
        return 0;
      }
      recentRegion = va >>> LEVEL2_SHIFT;
      recentTable = table;
    }
    return recentTable + ((va >>> PAGE_SHIFT & INDEX_MASK) << 3);
  }

  /** As {@link #slot}, but makes the tables; 0 if there is no frame for them. */
  long slotOrMake(long va) {
    long slot = slot(va);
    if (slot != 0) {
      return slot;
    }
    long middle = tableOrMake(root + ((va >>> LEVEL1_SHIFT & INDEX_MASK) << 3));
    if (middle == 0) {
      return 0;
    }
    long last = tableOrMake(middle + ((va >>> LEVEL2_SHIFT & INDEX_MASK) << 3));
    if (last == 0) {
      prune(va);
      return 0;
    }
    return slot(va);
  }

  long get(long slot) {
    return memory.readLong(slot);
  }

  /** Copies {@code count} descriptors of a last-level table from {@code slot} on. */
  void read(long slot, long[] descriptors, int count) {
    memory.copyOut(slot, descriptors, count);
  }

  /** Forgets {@code n} descriptors of the table that begins at {@code slot}, all that it has. */
  void forget(long slot, int n) {
    frames.releaseSome(slot, n);
  }

  /** The number of descriptors of the table that begins at {@code slot}. */
  int used(long slot) {
    return frames.references(slot) - 1;
  }

  /** The descriptor of the page at {@code va}, 0 if it has none. */
  long entry(long va) {
    long slot = slot(va);
    return slot == 0 ? 0 : memory.readLong(slot);
  }

  /** Puts a descriptor into a slot that has none. */
  void fill(long slot, long pte) {
    frames.share(slot & -PAGE);
    memory.writeLong(slot, pte);
  }

  /** Puts another descriptor into a slot that has one. */
  void replace(long slot, long pte) {
    memory.writeLong(slot, pte);
  }

  /** Takes a slot's descriptor away; {@link #prune} is to follow. */
  void clear(long slot) {
    memory.writeLong(slot, 0);
    frames.release(slot & -PAGE);
  }

  /** The first address from {@code va} on that has a last-level table; {@code end} if none has. */
  long nextTable(long va, long end) {
    long at = va;
    while (at < end) {
      long middle = memory.readLong(root + ((at >>> LEVEL1_SHIFT & INDEX_MASK) << 3));
      if (middle == 0) {
        int index = nextInUse(root, index(at, LEVEL1_SHIFT) + 1, index(end - 1, LEVEL1_SHIFT) + 1);
        at = (long) index << LEVEL1_SHIFT;
      } else {
        long region = at & -MIDDLE_SPAN;
        long last = Math.min(end, region + MIDDLE_SPAN) - 1;
        int index = index(at, LEVEL2_SHIFT);
        int found = nextInUse(Pte.frame(middle), index, index(last, LEVEL2_SHIFT) + 1);
        if (found == index) {
          return at;
        }
        at = region + ((long) found << LEVEL2_SHIFT);
        if (at <= last) {
          return at;
        }
      }
    }
    return end;
  }

  private static int index(long va, int shift) {
    return (int) (va >>> shift & INDEX_MASK);
  }

  /** The first entry of a table from {@code from} on that is in use; {@code to} if none is. */
  private int nextInUse(long table, int from, int to) {
    if (from >= to) {
      return to;
    }
    if (memory.readLong(table + ((long) from << 3)) != 0) {
      return from;
    }
    memory.copyOut(table + ((long) from << 3), copy, to - from);
    int i = from;
    while (i < to && copy[i - from] == 0) {
      i++;
    }
    return i;
  }

  /** Frees the tables of the region around {@code va} that got empty. */
  void prune(long va) {
    long level1 = root + ((va >>> LEVEL1_SHIFT & INDEX_MASK) << 3);
    long middle = Pte.frame(memory.readLong(level1));
    if (middle == 0) {
      return;
    }
    long level2 = middle + ((va >>> LEVEL2_SHIFT & INDEX_MASK) << 3);
    long last = Pte.frame(memory.readLong(level2));
    if (last != 0 && frames.references(last) == 1) {
      freeTable(level2, last);
    }
    if (frames.references(middle) == 1) {
      freeTable(level1, middle);
    }
  }

  /** Frees all that is left: tables whose entries have been cleared, and the root. */
  void free() {
    frames.release(root);
  }

  private void freeTable(long slot, long table) {
    clear(slot);
    frames.release(table);
    tables--;
    recentRegion = -1;
  }

  private long lastLevel(long va) {
    long middle = memory.readLong(root + ((va >>> LEVEL1_SHIFT & INDEX_MASK) << 3));
    if (middle == 0) {
      return 0;
    }
    return Pte.frame(
        memory.readLong(Pte.frame(middle) + ((va >>> LEVEL2_SHIFT & INDEX_MASK) << 3)));
  }

  private long tableOrMake(long slot) {
    long entry = memory.readLong(slot);
    if (entry != 0) {
      return Pte.frame(entry);
    }
    long table = frames.allocateZeroed();
    if (table == FrameAllocator.NONE) {
      return 0;
    }
    fill(slot, table | Pte.TABLE);
    tables++;
    return table;
  }
}
