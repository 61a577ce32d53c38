package orrery.kernel.exec;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.abi.MapFlag;
import orrery.kernel.hw.PhysicalMemory;
import orrery.kernel.memory.AddressSpace;
import orrery.kernel.memory.MemoryLimits;

/**
 * The stack that a program begins with, built from the top down: strings first, then random bytes,
 * the auxiliary vector, and the pointers to the strings. Source: Linux v6.1 {@code fs/exec.c},
 * {@code create_elf_tables} in {@code fs/binfmt_elf.c}.
 */
final class InitialStack {
  /** The most bytes of one string, its terminator included (MAX_ARG_STRLEN). */
  static final int MAX_STRING = 32 * PhysicalMemory.FRAME_SIZE;

  /** What all strings and pointers together may take at least (ARG_MAX). */
  private static final long GUARANTEED = 128 << 10;

  /** What they may take at most: three quarters of the usual stack. */
  private static final long MAX_STRINGS = (8 << 20) / 4 * 3;

  /** Mapped from the beginning; the rest grows by faults. */
  private static final long INITIAL_SIZE = 33 * PhysicalMemory.FRAME_SIZE;

  private static final int ALIGNMENT = 16;

  private final AddressSpace space;
  private final PhysicalMemory memory;
  private long top = AddressSpace.STACK_TOP;
  private long lowest;
  private int argumentCount;
  private int environmentCount;
  private long environmentStart;
  private long environmentEnd;
  private long fileName;

  /** Maps the stack of {@code space}. */
  InitialStack(AddressSpace space, PhysicalMemory memory) {
    this.space = space;
    this.memory = memory;
    long limit = space.limits().soft(MemoryLimits.STACK);
    long size = INITIAL_SIZE;
    if (Long.compareUnsigned(limit, size) < 0) {
      size = Math.max(limit & -PhysicalMemory.FRAME_SIZE, PhysicalMemory.FRAME_SIZE);
    }
    space
        .layout()
        .map(
            top - size,
            size,
            MapFlag.PROT_READ | MapFlag.PROT_WRITE,
            MapFlag.MAP_PRIVATE | MapFlag.MAP_ANONYMOUS | MapFlag.MAP_FIXED | MapFlag.MAP_GROWSDOWN,
            null,
            0,
            true,
            "[stack]");
  }

  /**
   * Puts the strings on it.
   *
   * @param path what AT_EXECFN says
   * @throws ErrnoException E2BIG, EFAULT, ENOMEM
   */
  void pushStrings(byte[] path, ProgramArguments arguments) {
    argumentCount = arguments.argumentCount();
    environmentCount = arguments.environmentCount();
    limit(Math.max(argumentCount, 1) + environmentCount);
    top -= Long.BYTES; // a null pointer ends the stack
    push(path);
    fileName = top;
    environmentEnd = top;
    for (int i = environmentCount - 1; i >= 0; i--) {
      arguments.pushEnvironment(this, i);
    }
    environmentStart = top;
    for (int i = argumentCount - 1; i >= 0; i--) {
      arguments.pushArgument(this, i);
    }
    if (argumentCount == 0) { // since Linux 5.18: programs rely on argv[0]
      push(new byte[0]);
      argumentCount = 1;
    }
  }

  private void limit(int pointers) {
    long stack = space.limits().soft(MemoryLimits.STACK);
    long most = stack < 0 ? MAX_STRINGS : Math.min(stack / 4, MAX_STRINGS);
    most = Math.max(most, GUARANTEED);
    long pointerSize = (long) pointers * Long.BYTES;
    if (most <= pointerSize) {
      throw ErrnoException.of(Errno.E2BIG);
    }
    lowest = top - (most - pointerSize);
  }

  /** Puts a string below the others and a zero behind it. */
  void push(byte[] string) {
    reserve(string.length + 1);
    space.copyOut(string, 0, top, string.length);
    space.writeByte(top + string.length, (byte) 0);
  }

  /** Puts a program's string below the others. */
  void push(AddressSpace from, long string) {
    int length = from.stringLength(string, MAX_STRING) + 1;
    reserve(length);
    int done = 0;
    while (done < length) {
      long source = from.physical(string + done, false);
      long target = space.physical(top + done, true);
      long n = Math.min(length - done, Math.min(pageLeft(source), pageLeft(target)));
      memory.copy(source, target, n);
      done += (int) n;
    }
  }

  private void reserve(int length) {
    if (length > MAX_STRING || top - length < lowest) {
      throw ErrnoException.of(Errno.E2BIG);
    }
    top -= length;
  }

  private static long pageLeft(long address) {
    return PhysicalMemory.FRAME_SIZE - (address & PhysicalMemory.FRAME_SIZE - 1);
  }

  /**
   * For a script: its interpreter, the interpreter's argument (or null) and the script's path take
   * the place of argument 0.
   */
  void replaceFirstArgument(byte[] interpreter, byte[] argument, byte[] script) {
    if (argumentCount > 0) {
      top += space.stringLength(top, MAX_STRING) + 1;
      argumentCount--;
    }
    push(script);
    argumentCount++;
    if (argument != null) {
      push(argument);
      argumentCount++;
    }
    push(interpreter);
    argumentCount++;
  }

  /** Lets the program execute what it writes there (PT_GNU_STACK). */
  void makeExecutable() {
    long start = space.mappingAt(AddressSpace.STACK_TOP - 1).start();
    space
        .layout()
        .protect(
            start,
            AddressSpace.STACK_TOP - start,
            MapFlag.PROT_READ | MapFlag.PROT_WRITE | MapFlag.PROT_EXEC);
  }

  /**
   * Puts on it what stands below the strings.
   *
   * @param random low and high half of 16 random bytes
   * @return the stack pointer
   */
  long finish(AuxiliaryVector vector, byte[] platform, long randomLow, long randomHigh) {
    long strings = top;
    space.program().strings(strings, environmentStart, environmentEnd);
    top &= -ALIGNMENT;
    lowest = 0; // what follows was counted before
    push(platform);
    vector.add(AuxiliaryVector.AT_PLATFORM, top);
    vector.add(AuxiliaryVector.AT_EXECFN, fileName);
    top -= 2 * Long.BYTES;
    vector.add(AuxiliaryVector.AT_RANDOM, top);
    space.writeLong(top, randomLow);
    space.writeLong(top + Long.BYTES, randomHigh);
    vector.end();

    long longs = 1 + argumentCount + 1L + environmentCount + 1L + vector.longs();
    top = top - longs * Long.BYTES & -ALIGNMENT;
    long at = top;
    space.writeLong(at, argumentCount);
    at += Long.BYTES;
    long string = strings;
    for (int i = 0; i < argumentCount; i++, at += Long.BYTES) {
      space.writeLong(at, string);
      string += space.stringLength(string, MAX_STRING) + 1;
    }
    space.writeLong(at, 0);
    at += Long.BYTES;
    for (int i = 0; i < environmentCount; i++, at += Long.BYTES) {
      space.writeLong(at, string);
      string += space.stringLength(string, MAX_STRING) + 1;
    }
    space.writeLong(at, 0);
    at += Long.BYTES;
    for (int i = 0; i < vector.longs(); i++, at += Long.BYTES) {
      space.writeLong(at, vector.get(i));
    }
    space.program().stack(top);
    return top;
  }
}
