package orrery.unicorn;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
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
    // A vector is read as a whole or not at all: one for everything, if that fails one for a page.
    long[] vectors = {into.address(), bytes, address, bytes};
    if (read(vectors, 1) == bytes) {
      return bytes;
    }
    int pages = 0;
    vectors = Arrays.copyOf(vectors, 2 * (MAX_PAGES + 1));
    for (long at = address, left = bytes; left > 0; ) {
      long part = Math.min(left, PAGE - (at & PAGE - 1));
      pages++;
      vectors[2 * pages] = at;
      vectors[2 * pages + 1] = part;
      at += part;
      left -= part;
    }
    return Math.max(0, read(vectors, pages));
  }

  /** {@code vectors}: where to, then {@code count} wherefrom, each an address and a length. */
  private static long read(long[] vectors, int count) {
    MemorySegment.copy(vectors, 0, Peek.VECTORS, JAVA_LONG, 0, vectors.length);
    long local = Peek.VECTORS.address();
    return Peek.READ.call(Peek.PROCESS, local, 1, local + IOVEC, count, 0);
  }

  /** Bound only when an engine is calibrated. */
  private static final class Peek {
    static final NativeFunction READ = NativeFunction.standard("process_vm_readv");
    static final MemorySegment VECTORS = Arena.global().allocate(IOVEC * (MAX_PAGES + 1), 8);
    static final long PROCESS = NativeFunction.standard("getpid").call(0);
  }
}
