package orrery.kernel.memory;

import static orrery.kernel.hw.PhysicalMemory.FRAME_SHIFT;

/**
 * A range of an address space whose pages are alike: {@code struct vm_area_struct}. It covers the
 * addresses from {@link #start} up to, not including, {@link #end}.
 */
public final class Mapping {
  // What a mapping's flags say, as include/linux/mm.h has it.
  static final int READ = 0x1;
  static final int WRITE = 0x2;
  static final int EXEC = 0x4;
  static final int SHARED = 0x8;
  static final int MAY_READ = 0x10;
  static final int MAY_WRITE = 0x20;
  static final int MAY_EXEC = 0x40;
  static final int GROWS_DOWN = 0x100;
  static final int LOCKED = 0x2000;
  static final int DONT_FORK = 0x2_0000;
  static final int ACCOUNTED = 0x10_0000;
  static final int NO_RESERVE = 0x20_0000;
  static final int WIPE_ON_FORK = 0x200_0000;

  static final int ACCESS = READ | WRITE | EXEC;

  final AddressSpace space;
  long start;
  long end;
  int flags;

  /** Null: private anonymous memory. */
  final PageSource source;

  /** The source's page at {@link #start}; for anonymous memory start's own page number. */
  long page;

  /** A file's path, a name in brackets, or null. */
  final String name;

  /**
   * Whether a page of it ever was the process's own: only then its pages are not all the source's.
   */
  boolean hasOwnPages;

  Mapping nextOfSource;
  Mapping previousOfSource;

  Mapping(
      AddressSpace space,
      long start,
      long end,
      int flags,
      PageSource source,
      long page,
      String name) {
    this.space = space;
    this.start = start;
    this.end = end;
    this.flags = flags;
    this.source = source;
    this.page = page;
    this.name = name;
  }

  /** The first address. */
  public long start() {
    return start;
  }

  /** The address after the last. */
  public long end() {
    return end;
  }

  public boolean isReadable() {
    return (flags & READ) != 0;
  }

  public boolean isWritable() {
    return (flags & WRITE) != 0;
  }

  public boolean isExecutable() {
    return (flags & EXEC) != 0;
  }

  public boolean isShared() {
    return (flags & SHARED) != 0;
  }

  /** True if mprotect could make it writable. */
  public boolean mayWrite() {
    return (flags & MAY_WRITE) != 0;
  }

  /** What is mapped; null for private anonymous memory. */
  public PageSource source() {
    return source;
  }

  /** Where in the source it starts, in bytes; 0 for anonymous memory. */
  public long offset() {
    return source == null ? 0 : page << FRAME_SHIFT;
  }

  /** A file's path, a name in brackets such as {@code [heap]}, or null. */
  public String name() {
    return name;
  }

  /** The source's page index of an address. */
  long pageOf(long address) {
    return page + (address - start >>> FRAME_SHIFT);
  }

  /**
   * Whether all its pages can be had from its source at any time, so that a child needs no copy.
   */
  boolean isSourceOnly() {
    return source != null && !hasOwnPages;
  }

  boolean is(int flag) {
    return (flags & flag) != 0;
  }

  /** Whether {@code next}, which starts where this ends, could be one with it. */
  boolean joins(Mapping next) {
    return end == next.start
        && flags == next.flags
        && source == next.source
        && page + (end - start >>> FRAME_SHIFT) == next.page
        && (name == null ? next.name == null : name.equals(next.name));
  }
}
