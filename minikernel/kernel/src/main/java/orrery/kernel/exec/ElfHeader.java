package orrery.kernel.exec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.memory.PageSource;

/**
 * The header of an ELF64 file for AArch64 with its program headers. Source: System V ABI, chapters
 * 4 and 5 (ELF-64), ELF for the Arm 64-bit Architecture.
 */
final class ElfHeader {
  static final int PT_LOAD = 1;
  static final int PT_INTERP = 3;
  static final int PT_GNU_STACK = 0x6474_e551;

  static final int PF_X = 1;
  static final int PF_W = 2;
  static final int PF_R = 4;

  /** Bytes of a program header. */
  static final int SEGMENT_SIZE = 56;

  private static final int SIZE = 64;
  private static final int MAGIC = 0x464c_457f;
  private static final int EI_CLASS = 4;
  private static final int EI_DATA = 5;
  private static final int ELFCLASS64 = 2;
  private static final int ELFDATA2LSB = 1;
  private static final int E_TYPE = 16;
  private static final int E_MACHINE = 18;
  private static final int E_ENTRY = 24;
  private static final int E_PHOFF = 32;
  private static final int E_PHENTSIZE = 54;
  private static final int E_PHNUM = 56;
  private static final int ET_EXEC = 2;
  private static final int ET_DYN = 3;
  private static final int EM_AARCH64 = 183;
  private static final int P_FLAGS = 4;
  private static final int P_OFFSET = 8;
  private static final int P_VADDR = 16;
  private static final int P_FILESZ = 32;
  private static final int P_MEMSZ = 40;
  private static final int P_ALIGN = 48;
  private static final int MAX_HEADERS = 65536;
  private static final int PATH_MAX = 4096;

  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final byte[] header;
  private final byte[] segments;

  private ElfHeader(byte[] header, byte[] segments) {
    this.header = header;
    this.segments = segments;
  }

  /**
   * Reads a file's headers.
   *
   * @param bad the error number for what is no program: ENOEXEC, or ELIBBAD for an interpreter
   */
  static ElfHeader read(FileReader reader, PageSource file, int bad) {
    byte[] h = new byte[SIZE];
    int type = 0;
    int count = 0;
    boolean ok = reader.read(file, 0, h) == SIZE && (int) INT.get(h, 0) == MAGIC;
    if (ok) {
      type = (short) SHORT.get(h, E_TYPE) & 0xffff;
      count = (short) SHORT.get(h, E_PHNUM) & 0xffff;
      ok =
          h[EI_CLASS] == ELFCLASS64
              && h[EI_DATA] == ELFDATA2LSB
              && (short) SHORT.get(h, E_MACHINE) == EM_AARCH64
              && (type == ET_EXEC || type == ET_DYN)
              && (short) SHORT.get(h, E_PHENTSIZE) == SEGMENT_SIZE
              && count > 0
              && count * SEGMENT_SIZE <= MAX_HEADERS;
    }
    byte[] s = new byte[ok ? count * SEGMENT_SIZE : 0];
    if (!ok || reader.read(file, (long) LONG.get(h, E_PHOFF), s) != s.length) {
      throw ErrnoException.of(bad);
    }
    return new ElfHeader(h, s);
  }

  /** True if it can be loaded anywhere. */
  boolean isRelocatable() {
    return (short) SHORT.get(header, E_TYPE) == ET_DYN;
  }

  long entry() {
    return (long) LONG.get(header, E_ENTRY);
  }

  long segmentsOffset() {
    return (long) LONG.get(header, E_PHOFF);
  }

  int segments() {
    return segments.length / SEGMENT_SIZE;
  }

  int type(int segment) {
    return (int) INT.get(segments, segment * SEGMENT_SIZE);
  }

  int flags(int segment) {
    return (int) INT.get(segments, segment * SEGMENT_SIZE + P_FLAGS);
  }

  long offset(int segment) {
    return (long) LONG.get(segments, segment * SEGMENT_SIZE + P_OFFSET);
  }

  long address(int segment) {
    return (long) LONG.get(segments, segment * SEGMENT_SIZE + P_VADDR);
  }

  long fileSize(int segment) {
    return (long) LONG.get(segments, segment * SEGMENT_SIZE + P_FILESZ);
  }

  long memorySize(int segment) {
    return (long) LONG.get(segments, segment * SEGMENT_SIZE + P_MEMSZ);
  }

  long alignment(int segment) {
    return (long) LONG.get(segments, segment * SEGMENT_SIZE + P_ALIGN);
  }

  /** The path of the interpreter, or null; throws ENOEXEC if it is malformed. */
  String interpreter(FileReader reader, PageSource file) {
    for (int i = 0; i < segments(); i++) {
      if (type(i) == PT_INTERP) {
        long size = fileSize(i);
        if (size < 2 || size > PATH_MAX) {
          throw ErrnoException.of(Errno.ENOEXEC);
        }
        byte[] path = new byte[(int) size];
        if (reader.read(file, offset(i), path) != size) {
          throw ErrnoException.of(Errno.EIO);
        }
        if (path[path.length - 1] != 0) {
          throw ErrnoException.of(Errno.ENOEXEC);
        }
        int end = 0;
        while (path[end] != 0) {
          end++;
        }
        return new String(Arrays.copyOf(path, end), StandardCharsets.ISO_8859_1);
      }
    }
    return null;
  }

  /** Whether the stack is to be executable; without a PT_GNU_STACK it is not. */
  boolean hasExecutableStack() {
    boolean executable = false;
    for (int i = 0; i < segments(); i++) {
      if (type(i) == PT_GNU_STACK) {
        executable = (flags(i) & PF_X) != 0;
      }
    }
    return executable;
  }
}
