package orrery.unicorn;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

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

  private static final MethodHandle MALLOC =
      libc("malloc", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
  private static final MethodHandle FREE = libc("free", FunctionDescriptor.ofVoid(JAVA_LONG));
  private static final MethodHandle MEMSET =
      libc(
          "memset",
          FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG),
          Linker.Option.critical(false));

  private NativeMemory() {}

  @SuppressWarnings("restricted") // callers pass addresses the engine gave them
  private static MemorySegment everything() {
    return MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
  }

  @SuppressWarnings("restricted") // the types are those of the C library
  private static MethodHandle libc(String name, FunctionDescriptor type, Linker.Option... options) {
    Linker linker = Linker.nativeLinker();
    MemorySegment symbol =
        linker
            .defaultLookup()
            .find(name)
            .orElseThrow(() -> new UnicornException("the host's C library has no " + name, null));
    return linker.downcallHandle(symbol, type, options);
  }

  /** Uninitialised memory from the C library. */
  static long malloc(long bytes) {
    long address;
    try {
      address = (long) MALLOC.invokeExact(bytes);
    } catch (Throwable e) {
      throw UnicornLibrary.unchecked(e);
    }
    if (address == 0) {
      throw new UnicornException("the host refuses " + bytes + " bytes of memory", null);
    }
    return address;
  }

  /** Gives back what {@link #malloc} or the engine allocated. */
  static void free(long address) {
    try {
      FREE.invokeExact(address);
    } catch (Throwable e) {
      throw UnicornLibrary.unchecked(e);
    }
  }

  /** Sets every byte of a range. */
  static void fill(long address, long bytes, int value) {
    try {
      long unused = (long) MEMSET.invokeExact(address, value, bytes);
    } catch (Throwable e) {
      throw UnicornLibrary.unchecked(e);
    }
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
    try {
      long read = (long) Peek.READ.invokeExact(Peek.PROCESS, local, 1L, vectors, (long) pages, 0L);
      return Math.max(0, read);
    } catch (Throwable e) {
      throw UnicornLibrary.unchecked(e);
    }
  }

  /** Bound only when an engine is calibrated. */
  private static final class Peek {
    static final MethodHandle READ =
        libc(
            "process_vm_readv",
            FunctionDescriptor.of(
                JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG));
    static final MemorySegment VECTORS = Arena.global().allocate(IOVEC * (MAX_PAGES + 1), 8);
    static final int PROCESS = (int) ProcessHandle.current().pid();
  }
}
