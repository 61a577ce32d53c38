package orrery.machine;

import orrery.unicorn.host.NativeFunction;

/**
 * The C library's {@code mmap}, {@code madvise} and {@code munmap} for anonymous memory (mmap(2),
 * madvise(2), Linux).
 *
 * <p>The JDK's own allocators either touch every page while they clear it or need a file; guest
 * memory must be sparse, so that a large machine starts at once.
 */
final class AnonymousMapping {
  /** The host's huge page in bytes. */
  static final long HUGE_PAGE = 2 << 20;

  private static final int PROT_READ = 1;
  private static final int PROT_WRITE = 2;
  private static final int MAP_PRIVATE = 0x02;
  private static final int MAP_ANONYMOUS = 0x20;
  private static final int MAP_NORESERVE = 0x4000;
  private static final int MADV_HUGEPAGE = 14;
  private static final int NO_FILE = -1;
  private static final long MAP_FAILED = -1;

  private static final NativeFunction MMAP = NativeFunction.standard("mmap");
  private static final NativeFunction MADVISE = NativeFunction.standard("madvise");
  private static final NativeFunction MUNMAP = NativeFunction.standard("munmap");

  private AnonymousMapping() {}

  /** Maps {@code size} bytes of zeros; the address, or 0 if the host has no room for them. */
  static long map(long size) {
    long address =
        MMAP.call(
            0,
            size,
            PROT_READ | PROT_WRITE,
            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
            NO_FILE,
            0);
    return address == MAP_FAILED ? 0 : address;
  }

  /**
   * Asks for huge pages: the guest's own page faults walk the host's tables once more each, and a
   * scattered guest spends half its time there with small ones. A host without them says no, which
   * changes nothing but speed.
   */
  static void adviseHugePages(long address, long size) {
    MADVISE.callInt(address, size, MADV_HUGEPAGE);
  }

  /** Unmaps what {@link #map} returned, or a part of it. */
  static void unmap(long address, long size) {
    if (MUNMAP.callInt(address, size) != 0) {
      throw new IllegalStateException("munmap refused " + size + " bytes");
    }
  }
}
