package orrery.unicorn;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Finds {@link CpuLayout} in a running engine: marks go in through the public interface and a
 * little guest code, and every field must then be found in exactly one place. Memory that may not
 * be mapped is only read by fault-free copies.
 */
final class Calibration {
  // How far objects are searched, in bytes.
  private static final long ENGINE_BYTES = 8192;
  private static final long OBJECT_BYTES = 128 << 10;
  private static final long ENV_BYTES = 12 << 10;
  private static final long PAGE = 4096;
  private static final long TAIL_BYTES = 1024; // breakpoints, watchpoints, what stands behind

  /** So far reaches the library from one of its functions: most pointers lead into it. */
  private static final long CODE_REACH = 32 << 20;

  private static final long MARK_0 = 0x1122_3344_5566_7788L;
  private static final long MARK_1 = 0x0eed_dccb_baa9_9887L;
  private static final long ADDRESS_MARK = 0x0000_1234_5670_0000L;

  // The guest code, one word each.
  private static final int LDXR_X0_X20 = 0xc85f7e80;
  private static final int SVC_1234 = 0xd4024681;
  private static final int LDR_X0_X21 = 0xf94002a0;
  private static final int WFI = 0xd503207f;
  private static final int MOV_X0_1 = 0xd2800020;
  private static final int MOV_X0_2 = 0xd2800040;
  private static final long AT_SVC = 0;
  private static final long AT_LOAD = 8;
  private static final long AT_WFI = 12;
  private static final long AT_MOV = 16;

  private static final int SYNDROME_OF_SVC_1234 = 0x5600_1234; // EC 0x15, 32-bit instruction
  private static final int EXCEPTION_SVC = 2;
  private static final int EXCEPTION_DATA_ABORT = 4;
  private static final int EXCEPTION_NONE = -1;
  private static final SystemRegister SCTLR_EL1 = new SystemRegister(3, 0, 1, 0, 0);
  private static final SystemRegister TCR_EL1 = new SystemRegister(3, 0, 2, 0, 2);
  private static final long SCTLR_MMU = 1;
  private static final long TCR = 25 | 1 << 23; // 39-bit addresses, only TTBR0
  private static final long BLOCK = 1 << 30;
  private static final long BLOCK_DESCRIPTOR = 1 | 1 << 6 | 1 << 10; // valid, EL0 access, used
  private static final long UNMAPPED = 0x55_1234_5678L;
  private static final long HIGHEST_SCRATCH = 256L << 30;

  // Shapes of the engine's sources.
  private static final long XREGS_OFFSET = 64; // after sixteen 32-bit registers
  private static final long XREGS_BYTES = 32 * 8;
  private static final long TLB_FAST_BYTES = 16; // mask, table
  private static final long TLB_COMMON_BYTES = 32; // dirty and three counters
  private static final int TLB_ENTRY_SHIFT = 6;
  private static final int TLB_SMALLEST = 64;
  private static final int JUMP_CACHE_ENTRIES = 4096;
  private static final long JUMP_CACHE_BYTES = 8L * JUMP_CACHE_ENTRIES;
  private static final long HEAD_BYTES = 1024;
  private static final int SAVED_CONTEXT_HEADER = 40; // sizeof(struct uc_context)

  private final Unicorn engine;
  private final long uc;
  private final long scratch;
  private final MemorySegment memory;
  private final CpuLayout layout = new CpuLayout();

  /** What was looked at last, twice: loops over an array are fast before the JIT is. */
  private final MemorySegment buffer;

  private final long[] words = new long[(int) (OBJECT_BYTES / 8)];
  private long cpu;
  private long env;

  private Calibration(Unicorn engine, long scratch, MemorySegment memory, Arena arena) {
    this.engine = engine;
    this.uc = engine.handle();
    this.scratch = scratch;
    this.memory = memory;
    this.buffer = arena.allocate(OBJECT_BYTES, 8);
  }

  /**
   * Calibrates.
   *
   * @param scratch address of two pages of zeroed guest RAM, the first that were mapped
   * @param memory the same pages in the host
   */
  static CpuLayout run(Unicorn engine, long scratch, MemorySegment memory) {
    if (scratch < 0 || scratch >= HIGHEST_SCRATCH || memory.byteSize() < 2 * PAGE) {
      throw new IllegalArgumentException("calibration needs two pages of RAM below 256 GiB");
    }
    try (Arena arena = Arena.ofConfined()) {
      Calibration calibration = new Calibration(engine, scratch, memory, arena);
      calibration.findCpu();
      calibration.findNoExitRequest();
      calibration.findRegisters();
      calibration.findFlags();
      calibration.findByRunning();
      return calibration.layout;
    }
  }

  private static UnicornException failed(String what, int count) {
    return new InternalsUnavailableException(
        "this Unicorn library cannot be used: "
            + what
            + " found in "
            + count
            + " places instead of one; use version 2.1.4");
  }

  /** Exactly one place, or the calibration fails. */
  private static final class Single {
    private final String what;
    private long value;
    private int count;

    Single(String what) {
      this.what = what;
    }

    void found(long at) {
      if (count == 0 || at != value) {
        count++;
      }
      value = at;
    }

    long get() {
      if (count != 1) {
        throw failed(what, count);
      }
      return value;
    }
  }

  private static boolean plausible(long pointer) {
    return (pointer & 7) == 0 && pointer >= 0x10000 && pointer >>> 47 == 0;
  }

  private long word(long offset) {
    return words[(int) (offset >> 3)];
  }

  private int half(long offset) {
    return (int) (word(offset) >>> 8 * (offset & 4));
  }

  /** Copies what is mapped of an object into both; the rest becomes zero. */
  private long look(long address, long bytes) {
    long readable = NativeMemory.peek(address, buffer, bytes) & -8;
    MemorySegment.copy(buffer, JAVA_LONG, 0, words, 0, (int) (readable >> 3));
    if (readable < bytes) {
      buffer.asSlice(readable, bytes - readable).fill((byte) 0);
      Arrays.fill(words, (int) (readable >> 3), (int) (bytes >> 3), 0);
    }
    return readable;
  }

  /** uc_struct.cpu: the object with a pointer back to the engine and X0, X1 inside. */
  private void findCpu() {
    engine.write(Arm64Register.x(0), MARK_0);
    engine.write(Arm64Register.x(1), MARK_1);
    long readable = look(uc, ENGINE_BYTES);
    long[] head = Arrays.copyOf(words, (int) (readable >> 3));
    Single found = new Single("the CPU");
    findCpu(head, found, false);
    findCpu(head, found, true);
    found.get();
    layout.jumpCache = layout.envPointer + 16;
    env = NativeMemory.MEMORY.get(JAVA_LONG, cpu + layout.envPointer);
    layout.x = XREGS_OFFSET;
    snapshot();
    Single back = new Single("the engine's pointer in the CPU");
    long end = layout.jumpCache + JUMP_CACHE_BYTES;
    for (long at = end; at < end + HEAD_BYTES; at += 8) {
      if (word(at) == uc) {
        back.found(at);
      }
    }
    layout.enginePointer = back.get();
  }

  /**
   * Looks through an engine's pointers.
   *
   * @param nearCode at those that probably lead into the library, as most do, and only as far as
   *     the CPU can still be there; otherwise at all others
   */
  private void findCpu(long[] head, Single found, boolean nearCode) {
    long code = UnicornLibrary.load().symbol("uc_open").address();
    long previous = 0;
    for (int i = 0; i < head.length; i++) {
      long candidate = head[i];
      if (!plausible(candidate)
          || candidate == uc
          || candidate == previous
          || Math.abs(candidate - code) <= CODE_REACH != nearCode
          || nearCode && cpu != 0 && (candidate < cpu || candidate > cpu + OBJECT_BYTES)) {
        continue;
      }
      previous = candidate;
      long pointer = envPointer(candidate);
      if (pointer == 0) {
        continue;
      }
      found.found(candidate + pointer);
      // What was allocated just below the CPU is followed by the pointer too, but not as closely.
      if (candidate > cpu) {
        cpu = candidate;
        layout.cpuPointer = 8L * i;
        layout.envPointer = pointer;
      }
    }
  }

  /**
   * The offset of CPUState.env_ptr, 0 if there is none: in the CPU's short head, followed by the
   * pointer to a counter just below the register file; behind them lies the jump cache.
   */
  private long envPointer(long candidate) {
    int count = (int) (look(candidate, HEAD_BYTES) >> 3);
    long[] head = words;
    long lowest = candidate + JUMP_CACHE_BYTES;
    long highest = candidate + OBJECT_BYTES - ENV_BYTES;
    long pointer = 0;
    for (int i = 0; i + 1 < count; i++) {
      long file = head[i];
      if (file > lowest
          && file < highest
          && (file & 7) == 0
          && head[i + 1] < file
          && head[i + 1] > file - HEAD_BYTES
          && NativeMemory.peek(file + XREGS_OFFSET, buffer, 16) == 16
          && buffer.getAtIndex(JAVA_LONG, 0) == MARK_0
          && buffer.getAtIndex(JAVA_LONG, 1) == MARK_1) {
        pointer = 8L * i;
      }
    }
    return pointer;
  }

  /** Looks at the CPU, from its head to behind its register file. */
  private void snapshot() {
    look(cpu, env - cpu + ENV_BYTES + TAIL_BYTES);
  }

  /** uc_struct: cpu_context_size, next_pc, hook_insert, first_tb, no_exit_request, init_done. */
  private void findNoExitRequest() {
    long readable = look(uc, ENGINE_BYTES);
    int contextSize = (int) CpuContextSize.of(engine) - SAVED_CONTEXT_HEADER;
    Single found = new Single("no_exit_request");
    for (long at = 0; at + 24 < readable; at += 4) {
      long flags = (at + 4 + 7 & -8) + 8;
      // hook_insert, no_exit_request and init_done; first_tb may be anything.
      if (half(at) == contextSize && (half(flags) & 0xffff_00ff) == 0x0100_0000) {
        found.found(flags + 2);
      }
    }
    layout.noExitRequest = found.get();
    layout.registerFileSize = contextSize;
  }

  private void findRegisters() {
    int[] registers = {
      Arm64Register.PC,
      Arm64Register.TPIDR_EL0,
      Arm64Register.TTBR0_EL1,
      Arm64Register.d(0),
      Arm64Register.d(1)
    };
    long[] saved = new long[registers.length];
    for (int i = 0; i < registers.length; i++) {
      saved[i] = engine.read(registers[i]);
      engine.write(registers[i], mark(i));
    }
    snapshot();
    layout.pc = find("PC", mark(0));
    layout.tpidrEl0 = find("TPIDR_EL0", mark(1));
    layout.ttbr0El1 = find("TTBR0_EL1", mark(2));
    layout.v0 = find("V0", mark(3));
    layout.vStride = find("V1", mark(4)) - layout.v0;
    for (int i = 0; i < registers.length; i++) {
      engine.write(registers[i], saved[i]);
    }
  }

  private static long mark(int i) {
    return ADDRESS_MARK + ((i + 1L) << 12);
  }

  /** The offset in the register file, behind X0 to X31, of a 64-bit value. */
  private long find(String what, long value) {
    Single found = new Single(what);
    long[] all = words;
    int from = (int) (env - cpu >> 3);
    int end = from + (int) (ENV_BYTES >> 3);
    for (int i = from + (int) (XREGS_OFFSET + XREGS_BYTES >> 3); i < end; i++) {
      if (all[i] == value) {
        found.found(8L * (i - from));
      }
    }
    return found.get();
  }

  private int envInt(long offset) {
    return half(env - cpu + offset);
  }

  /** The register file that {@link #snapshot} has copied. */
  private int[] envInts() {
    int[] ints = new int[(int) (ENV_BYTES / 4)];
    MemorySegment.copy(buffer, JAVA_INT, env - cpu, ints, 0, ints.length);
    return ints;
  }

  /** NZCV is kept in four words: N and V in bit 31, C as 0 or 1, Z set when its word is 0. */
  private void findFlags() {
    long saved = engine.read(Arm64Register.PSTATE);
    long clear = saved & 0x0fff_ffffL;
    engine.write(Arm64Register.PSTATE, clear);
    snapshot();
    int[] before = envInts();
    layout.negative = flag("the N flag", clear | 1L << 31, before, 0x8000_0000, 0x8000_0000);
    layout.zero = flag("the Z flag", clear | 1L << 30, before, -1, 0);
    layout.carry = flag("the C flag", clear | 1L << 29, before, -1, 1);
    layout.overflow = flag("the V flag", clear | 1L << 28, before, 0x8000_0000, 0x8000_0000);
    engine.write(Arm64Register.PSTATE, saved);
  }

  private long flag(String what, long pstate, int[] before, int mask, int want) {
    engine.write(Arm64Register.PSTATE, pstate);
    snapshot();
    Single found = new Single(what);
    int[] now = envInts();
    for (int i = 0; i < now.length; i++) {
      // N shares its word with the whole PSTATE, so only the masked part must have changed.
      if (now[i] != before[i] && ((now[i] ^ before[i]) & mask) != 0 && (now[i] & mask) == want) {
        found.found(4L * i);
      }
    }
    return found.get();
  }

  private void findByRunning() {
    long savedPstate = engine.read(Arm64Register.PSTATE);
    long savedSctlr = engine.read(SCTLR_EL1);
    code(AT_SVC, LDXR_X0_X20);
    code(AT_SVC + 4, SVC_1234);
    code(AT_LOAD, LDR_X0_X21);
    code(AT_WFI, WFI);
    code(AT_MOV, MOV_X0_1);
    code(AT_MOV + 4, SVC_1234);
    NativeMemory.MEMORY.set(JAVA_BYTE, uc + layout.noExitRequest, (byte) 1);
    engine.useExits(true);
    // EL0 with the MMU on: a block of 1 GiB where the code lies is all that is mapped.
    long block = scratch & -BLOCK;
    memory.set(JAVA_LONG, PAGE + 8 * (scratch / BLOCK), block | BLOCK_DESCRIPTOR);
    long savedTable = engine.read(Arm64Register.TTBR0_EL1);
    engine.write(Arm64Register.TTBR0_EL1, scratch + PAGE);
    engine.write(TCR_EL1, TCR);
    engine.write(SCTLR_EL1, savedSctlr | SCTLR_MMU);
    engine.write(Arm64Register.PSTATE, 0);
    rebuildFlags();
    long exclusive = scratch + PAGE + 0xf00;
    engine.write(Arm64Register.x(20), exclusive);
    engine.write(Arm64Register.x(21), UNMAPPED);

    flushTlb();
    snapshot();
    long[] flushed = words.clone();
    findTlb();

    expect("SVC", run(AT_SVC), UnicornError.EXCEPTION);
    snapshot();
    layout.syndrome = findSyndrome();
    layout.exclusiveAddress = find("the exclusive monitor", exclusive);
    findTlbUse(flushed);
    checkJumpCache();
    int[] afterSvc = cpuWords();

    expect("a load", run(AT_LOAD), UnicornError.EXCEPTION);
    snapshot();
    layout.faultAddress = find("the fault address", UNMAPPED);
    layout.exceptionTarget =
        layout.faultAddress + 8; // exception: syndrome, fsr, vaddress, target_el
    if (layout.faultAddress - 8 != layout.syndrome || envInt(layout.exceptionTarget) != 1) {
      throw failed("the exception's target", 0);
    }
    int[] afterAbort = cpuWords();

    engine.write(Arm64Register.PSTATE, savedPstate);
    engine.write(SCTLR_EL1, savedSctlr);
    engine.write(TCR_EL1, 0);
    engine.write(Arm64Register.TTBR0_EL1, savedTable);
    rebuildFlags();
    flushTlb();
    expect("WFI", run(AT_WFI), UnicornError.OK);
    snapshot();
    findKernelTlb();
    int[] afterWfi = cpuWords();
    System.arraycopy(flushed, 0, words, 0, words.length);
    findCpuState(cpuWords(), afterSvc, afterAbort, afterWfi);
    checkInvalidation();
    findRegisterTable();

    memory.asSlice(0, 2 * PAGE).fill((byte) 0);
    invalidate();
    flushTlb();
    for (int n : new int[] {0, 1, 20, 21}) {
      engine.write(Arm64Register.x(n), 0);
    }
    engine.write(Arm64Register.PC, 0);
    NativeMemory.MEMORY.set(JAVA_LONG, env + layout.exclusiveAddress, -1);
    NativeMemory.MEMORY.set(JAVA_INT, cpu + layout.halted, 0);
  }

  private void code(long offset, int instruction) {
    memory.set(JAVA_INT, offset, instruction);
  }

  private int run(long offset) {
    return engine.startUnchecked(scratch + offset, 0, 0, 0);
  }

  private static void expect(String what, int code, UnicornError expected) {
    if (UnicornError.of(code) != expected) {
      throw new InternalsUnavailableException(
          "this Unicorn library cannot be used: "
              + what
              + " ended with "
              + UnicornError.of(code)
              + "; use version 2.1.4");
    }
  }

  private long findSyndrome() {
    Single found = new Single("the syndrome");
    int[] file = envInts();
    for (int i = (int) (XREGS_OFFSET + XREGS_BYTES) / 4; i < file.length; i++) {
      if (file[i] == SYNDROME_OF_SVC_1234) {
        found.found(4L * i);
      }
    }
    return found.get();
  }

  /**
   * The TLBs lie just below the register file: an array of (mask, table) pairs, below it as many
   * descriptors, below them what all share. Just after a flush a descriptor starts with two words
   * of ones and ends with a pointer.
   */
  private void findTlb() {
    long end = env - cpu;
    long first = end;
    // Between the pairs and the register file stands a counter, padded to 16 bytes.
    if (!isTlbPair(first - TLB_FAST_BYTES)) {
      first -= TLB_FAST_BYTES;
    }
    int count = 0;
    while (isTlbPair(first - TLB_FAST_BYTES)) {
      first -= TLB_FAST_BYTES;
      count++;
    }
    if (count == 0 || count > Short.SIZE) {
      throw failed("the TLB", count);
    }
    layout.tlbFast = first - end;
    Single size = new Single("the TLB's descriptors");
    for (long bytes = 64; bytes <= 4096 && first - bytes * count >= 0; bytes += 8) {
      boolean matches = true;
      for (int i = 1; i <= count && matches; i++) {
        long at = first - i * bytes;
        matches = word(at) == -1 && word(at + 8) == -1 && plausible(word(at + bytes - 8));
      }
      if (matches) {
        size.found(bytes);
      }
    }
    layout.tlbDescriptorSize = size.get();
    layout.tlbDescriptors = layout.tlbFast - count * layout.tlbDescriptorSize;
    layout.tlbDirty = layout.tlbDescriptors - TLB_COMMON_BYTES;
  }

  private boolean isTlbPair(long at) {
    long entries = (word(at) >>> TLB_ENTRY_SHIFT) + 1;
    return (word(at) & (1 << TLB_ENTRY_SHIFT) - 1) == 0
        && Long.bitCount(entries) == 1
        && entries >= TLB_SMALLEST
        && entries <= 1 << 22
        && plausible(word(at + 8));
  }

  /** The first run touched two pages at EL0: one count went from 0 to 2, and its TLB is dirty. */
  private void findTlbUse(long[] flushed) {
    Single found = new Single("the TLB's use");
    long base = env - cpu + layout.tlbDescriptors;
    long end = env - cpu + layout.tlbFast;
    for (long at = base; at < end; at += 8) {
      if (flushed[(int) (at >> 3)] == 0 && word(at) == 2) {
        found.found(at - base);
      }
    }
    long use = found.get();
    layout.userIndex = (int) (use / layout.tlbDescriptorSize);
    layout.tlbUsed = use % layout.tlbDescriptorSize;
    long dirty = env - cpu + layout.tlbDirty;
    if ((short) flushed[(int) (dirty >> 3)] != 0
        || (short) word(dirty) != (short) (1 << layout.userIndex)) {
      throw failed("the TLB's dirty mask", 0);
    }
  }

  /** EL1 has run since the flush: its TLB alone is dirty. */
  private void findKernelTlb() {
    int dirty = half(env - cpu + layout.tlbDirty) & 0xffff;
    if (Integer.bitCount(dirty) != 1) {
      throw failed("the TLB of EL1", Integer.bitCount(dirty));
    }
    layout.kernelIndex = Integer.numberOfTrailingZeros(dirty);
  }

  /** One block has run since the flush: exactly its slot of the jump cache is in use. */
  private void checkJumpCache() {
    Single used = new Single("the jump cache");
    long[] all = words;
    int first = (int) (layout.jumpCache >> 3);
    for (int i = 0; i < JUMP_CACHE_ENTRIES; i++) {
      if (all[first + i] != 0) {
        used.found(i);
      }
    }
    if (used.get() != CpuInternals.jumpCacheSlot(scratch + AT_SVC)) {
      throw failed("the jump cache's slot", 0);
    }
  }

  /** The words of the CPU around the pointer to the engine. */
  private int[] cpuWords() {
    int[] around = new int[32];
    for (int i = 0; i < around.length; i++) {
      around[i] = half(layout.enginePointer + 4L * (i - around.length));
    }
    return around;
  }

  private void findCpuState(int[] before, int[] svc, int[] abort, int[] wfi) {
    Single halted = new Single("the halted flag");
    Single exception = new Single("the exception number");
    for (int i = 0; i < before.length; i++) {
      long at = layout.enginePointer + 4L * (i - before.length);
      if (before[i] == 0 && svc[i] == 1 && abort[i] == 1 && wfi[i] == 1) {
        halted.found(at);
      }
      if (svc[i] == EXCEPTION_SVC && abort[i] == EXCEPTION_DATA_ABORT && wfi[i] == EXCEPTION_NONE) {
        exception.found(at);
      }
    }
    layout.halted = halted.get();
    layout.exceptionIndex = exception.get();
  }

  /** Code that the host rewrites must be translated again after an invalidation. */
  private void checkInvalidation() {
    expect("SVC", run(AT_MOV), UnicornError.EXCEPTION);
    code(AT_MOV, MOV_X0_2);
    invalidate();
    expect("SVC", run(AT_MOV), UnicornError.EXCEPTION);
    if (engine.read(Arm64Register.x(0)) != 2) {
      throw failed("the first memory's translated code", 0);
    }
  }

  /**
   * ARMCPU.cp_regs: behind the register file, whose last word points to the engine. The CPU ends
   * soon after it, and the next object may have been a CPU as well.
   */
  private void findRegisterTable() {
    Single found = new Single("the system registers' table");
    snapshot();
    long from = env - cpu + layout.registerFileSize;
    long end = env - cpu + ENV_BYTES + TAIL_BYTES;
    for (long at = from; at < end; at += 8) {
      if (word(at - 8) == uc
          && plausible(word(at))
          && SystemRegisterTable.isTable(word(at), buffer)) {
        found.found(at);
      }
    }
    layout.registerTable = found.get();
    SystemRegisterTable registers = new SystemRegisterTable(word(layout.registerTable));
    registers.findFunctions(layout);
    registers.findType(layout);
  }

  private void rebuildFlags() {
    InternalCalls.REBUILD_FLAGS.call(env);
  }

  private void flushTlb() {
    InternalCalls.TLB_FLUSH.call(cpu);
  }

  private void invalidate() {
    InternalCalls.INVALIDATE.call(uc, 0, PAGE);
  }
}
