package orrery.unicorn;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;

/**
 * The software TLB of EL0, whose tables can be swapped so that every address space keeps its own.
 *
 * <p>A set is a block of native memory that holds a TLB's descriptor and the pointers to its two
 * tables while it is not installed. Ownership: the tables of the installed set belong to the
 * engine, which may free and reallocate them at a flush and frees them when it closes; those of
 * every other set belong to whoever called {@link #create} or {@link #swapOut}.
 */
public final class SoftTlb {
  private static final MemorySegment MEMORY = NativeMemory.MEMORY;
  private static final int ENTRY_SHIFT = 6; // 64 bytes an entry
  private static final long ENTRY = 1L << ENTRY_SHIFT;
  private static final long IO_ENTRY = 16;
  private static final long FAST = 16; // mask, table

  private final long descriptor;
  private final long fast;
  private final long dirty;
  private final long size;
  private final long used;
  private final short userBit;
  private final long empty;

  SoftTlb(long env, CpuLayout layout) {
    this.size = layout.tlbDescriptorSize;
    this.descriptor = env + layout.tlbDescriptors + layout.userIndex * size;
    this.fast = env + layout.tlbFast + layout.userIndex * FAST;
    this.dirty = env + layout.tlbDirty;
    this.used = layout.tlbUsed;
    this.userBit = (short) (1 << layout.userIndex);
    // An engine that has run nothing has an empty descriptor: the pattern of all others.
    this.empty = NativeMemory.malloc(size);
    MemorySegment.copy(MEMORY, descriptor, MEMORY, empty, size);
  }

  /**
   * Makes the TLBs that neither EL0 nor EL1 use as small as can be: the engine looks through all
   * entries of all TLBs whenever it translates a block. Should one be used after all, the engine
   * lets it grow. On an engine that has run nothing.
   */
  static void shrinkUnused(long env, CpuLayout layout) {
    long count = (layout.tlbFast - layout.tlbDescriptors) / layout.tlbDescriptorSize;
    for (int i = 0; i < count; i++) {
      if (i != layout.userIndex && i != layout.kernelIndex) {
        MEMORY.set(JAVA_LONG, env + layout.tlbFast + i * FAST, 0); // the mask of one entry
      }
    }
  }

  /** Frees what is not the engine's; nothing may be used afterwards. */
  public void close() {
    NativeMemory.free(empty);
  }

  /** Allocates an empty set with tables of {@code entries}, a power of two of at least 64. */
  public long create(int entries) {
    long set = NativeMemory.malloc(size + FAST);
    MemorySegment.copy(MEMORY, empty, MEMORY, set, size);
    long io = NativeMemory.malloc(entries * IO_ENTRY);
    NativeMemory.fill(io, entries * IO_ENTRY, 0);
    MEMORY.set(JAVA_LONG, set + size - 8, io);
    MEMORY.set(JAVA_LONG, set + size, (entries - 1L) << ENTRY_SHIFT);
    MEMORY.set(JAVA_LONG, set + size + 8, NativeMemory.malloc(entries * ENTRY));
    clear(set);
    return set;
  }

  /** Frees a set that is not installed, and its tables. */
  public void destroy(long set) {
    NativeMemory.free(MEMORY.get(JAVA_LONG, set + size - 8));
    NativeMemory.free(MEMORY.get(JAVA_LONG, set + size + 8));
    NativeMemory.free(set);
  }

  /** Frees the block of a set whose tables the engine keeps, because it is installed. */
  public void destroyInstalled(long set) {
    NativeMemory.free(set);
  }

  /** Empties a set that is not installed. */
  public void clear(long set) {
    long io = MEMORY.get(JAVA_LONG, set + size - 8);
    MemorySegment.copy(MEMORY, empty, MEMORY, set, size - 8);
    MEMORY.set(JAVA_LONG, set + size - 8, io);
    long mask = MEMORY.get(JAVA_LONG, set + size);
    NativeMemory.fill(MEMORY.get(JAVA_LONG, set + size + 8), mask + ENTRY, -1);
  }

  /** Empties the installed set; the jump cache stays. */
  public void clearInstalled() {
    long io = MEMORY.get(JAVA_LONG, descriptor + size - 8);
    MemorySegment.copy(MEMORY, empty, MEMORY, descriptor, size - 8);
    MEMORY.set(JAVA_LONG, descriptor + size - 8, io);
    long mask = MEMORY.get(JAVA_LONG, fast);
    NativeMemory.fill(MEMORY.get(JAVA_LONG, fast + 8), mask + ENTRY, -1);
  }

  /**
   * Moves the installed TLB into a set's block; another must be swapped in before the guest runs.
   */
  public void swapOut(long set) {
    MemorySegment.copy(MEMORY, descriptor, MEMORY, set, size);
    MemorySegment.copy(MEMORY, fast, MEMORY, set + size, FAST);
  }

  /** Installs a set; its tables are the engine's until it is swapped out. */
  public void swapIn(long set) {
    MemorySegment.copy(MEMORY, set, MEMORY, descriptor, size);
    MemorySegment.copy(MEMORY, set + size, MEMORY, fast, FAST);
    // A flush skips TLBs that it thinks are clean.
    MEMORY.set(JAVA_SHORT, dirty, (short) (MEMORY.get(JAVA_SHORT, dirty) | userBit));
  }

  /** A block for a set that {@link #swapOut} will fill. */
  public long allocateBlock() {
    return NativeMemory.malloc(size + FAST);
  }

  /** How many entries the tables of a set have that is not installed. */
  public long entries(long set) {
    return (MEMORY.get(JAVA_LONG, set + size) >>> ENTRY_SHIFT) + 1;
  }

  /** How many entries of a set that is not installed are in use. */
  public long used(long set) {
    return MEMORY.get(JAVA_LONG, set + used);
  }

  /** How many entries the installed tables have. */
  public long entriesInstalled() {
    return (MEMORY.get(JAVA_LONG, fast) >>> ENTRY_SHIFT) + 1;
  }

  /** How many entries of the installed tables are in use. */
  public long usedInstalled() {
    return MEMORY.get(JAVA_LONG, descriptor + used);
  }
}
