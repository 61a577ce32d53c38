package orrery.unicorn;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import orrery.unicorn.host.LeafFunction;
import orrery.unicorn.host.NativeFunction;

/**
 * The process's own memory by address, for the engine's internals: raw access to what is known to
 * be mapped, fault-free copies of what is not, and the C library's allocator, which the engine uses
 * too.
 */
final class NativeMemory {
  /** All of memory: {@code MEMORY.get(layout, address)} is one load. */
  static final MemorySegment MEMORY = everything();

  private static final long PAGE = 4096;
  private static final long IOVEC = 16; // struct iovec: base, length
  private static final int MAX_PAGES = 64;

  private static final NativeFunction MALLOC = NativeFunction.standard("malloc");
  private static final NativeFunction FREE = NativeFunction.standard("free");
  private static final LeafFunction MEMSET = LeafFunction.standard("memset");

  private NativeMemory() {}

  @SuppressWarnings("restricted") // callers pass addresses the engine gave them
  private static MemorySegment everything() {
    return MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
  }

  /** The address of memory that a caller passed and the engine will use. */
  static long address(MemorySegment memory) {
    if (!memory.isNative() || !memory.scope().isAlive()) {
      throw new IllegalArgumentException("only native memory that is alive can be passed on");
    }
    return memory.address();
  }

  /** Uninitialised memory from the C library. */
  static long malloc(long bytes) {
    long address = MALLOC.call(bytes);
    if (address == 0) {
      throw new UnicornException("the host refuses " + bytes + " bytes of memory", null);
    }
    return address;
  }

  /** Gives back what {@link #malloc} or the engine allocated. */
  static void free(long address) {
    FREE.call(address);
  }

  /** Sets every byte of a range. */
  static void fill(long address, long bytes, int value) {
    MEMSET.call(address, value, bytes);
  }

  /**
   * Copies this process's memory from an address that may not be mapped (process_vm_readv(2)).
   *
   * @return how many bytes could be read; reading stops at the first page that is not mapped
   */
  static long peek(long address, MemorySegment into, long bytes) {
    int pages = 0;
    MemorySegment vectors = Peek.VECTORS;
    for (long at = address, left = bytes; left > 0; pages++) {
      long part = Math.min(left, PAGE - (at & PAGE - 1));
      vectors.setAtIndex(JAVA_LONG, 2L * pages, at);
      vectors.setAtIndex(JAVA_LONG, 2L * pages + 1, part);
      at += part;
      left -= part;
    }
    MemorySegment local = vectors.asSlice(IOVEC * MAX_PAGES, IOVEC);
    local.set(JAVA_LONG, 0, into.address());
    local.set(JAVA_LONG, 8, bytes);
    long read = Peek.READ.call(Peek.PROCESS, local.address(), 1, vectors.address(), pages, 0);
    return Math.max(0, read);
  }

  /** Bound only when an engine is calibrated. */
  private static final class Peek {
    static final NativeFunction READ = NativeFunction.standard("process_vm_readv");
    static final MemorySegment VECTORS = Arena.global().allocate(IOVEC * (MAX_PAGES + 1), 8);
    static final int PROCESS = (int) ProcessHandle.current().pid();
  }
}
