package orrery.machine;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The C library's {@code mmap} and {@code munmap} for anonymous memory (mmap(2), Linux).
 *
 * <p>The JDK's own allocators either touch every page while they clear it or need a file; guest
 * memory must be sparse, so that a large machine starts at once.
 */
final class AnonymousMapping {
  private static final int PROT_READ = 1;
  private static final int PROT_WRITE = 2;
  private static final int MAP_PRIVATE = 0x02;
  private static final int MAP_ANONYMOUS = 0x20;
  private static final int MAP_NORESERVE = 0x4000;
  private static final int NO_FILE = -1;
  private static final long MAP_FAILED = -1;

  private static final MethodHandle MMAP =
      function(
          "mmap",
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
  private static final MethodHandle MUNMAP =
      function("munmap", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));

  private AnonymousMapping() {}

  /** Maps {@code size} bytes of zeros; the address, or 0 if the host has no room for them. */
  static long map(long size) {
    try {
      long address =
          (long)
              MMAP.invokeExact(
                  0L,
                  size,
                  PROT_READ | PROT_WRITE,
                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
                  NO_FILE,
                  0L);
      return address == MAP_FAILED ? 0 : address;
    } catch (Throwable e) {
      throw new AssertionError("mmap cannot throw", e);
    }
  }

  /** Unmaps what {@link #map} returned, or a part of it. */
  static void unmap(long address, long size) {
    int result;
    try {
      result = (int) MUNMAP.invokeExact(address, size);
    } catch (Throwable e) {
      throw new AssertionError("munmap cannot throw", e);
    }
    if (result != 0) {
      throw new IllegalStateException("munmap refused " + size + " bytes");
    }
  }

  @SuppressWarnings("restricted") // the two types are those of mmap(2) and munmap(2)
  private static MethodHandle function(String name, FunctionDescriptor type) {
    Linker linker = Linker.nativeLinker();
    MemorySegment symbol =
        linker
            .defaultLookup()
            .find(name)
            .orElseThrow(() -> new MachineException("the host's C library has no " + name));
    return linker.downcallHandle(symbol, type);
  }
}
