package orrery.unicorn;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/**
 * The engine's CPU from inside, for a whole machine: registers by direct access, architectural
 * exceptions, interrupt lines, code invalidation, the software TLB.
 *
 * <p>Everything here belongs to the thread that runs the engine, and may be used in its callbacks.
 * Nothing allocates. Places are found by calibration, never assumed.
 */
public final class CpuInternals extends EngineCpu {
  /** Exception numbers of {@link Hook.Interrupt}. */
  public static final int EXCEPTION_UNDEFINED = 1;

  /** SVC; PC is past it. */
  public static final int EXCEPTION_SVC = 2;

  /** A fetch failed. */
  public static final int EXCEPTION_PREFETCH_ABORT = 3;

  /** A load or store failed. */
  public static final int EXCEPTION_DATA_ABORT = 4;

  /** BRK. */
  public static final int EXCEPTION_BREAKPOINT = 7;

  /** HVC; PC is past it. */
  public static final int EXCEPTION_HVC = 11;

  /** SMC; PC is past it. */
  public static final int EXCEPTION_SMC = 13;

  private static final int GENERAL_REGISTERS = 32;
  private static final int VECTOR_WORDS = 64;
  private static final int INTERRUPT_LINE = 2; // CPU_INTERRUPT_HARD
  private static final int JUMP_CACHE_BITS = 12;
  private static final int JUMP_CACHE_PAGE_BITS = JUMP_CACHE_BITS / 2;
  private static final long JUMP_CACHE_BYTES = 8L << JUMP_CACHE_BITS;
  private static final int TARGET_PAGE_BITS = 12;
  private static final long SCRATCH_BYTES = 2L << TARGET_PAGE_BITS;
  private static final MemorySegment MEMORY = NativeMemory.MEMORY;

  private static CpuLayout calibrated;
  private static InternalsUnavailableException unavailable;

  private final CpuLayout layout;
  private final Unicorn engine;
  private final long uc;
  private final long cpu;
  private final long env;
  private final long x0;
  private final long pc;
  private final long v0;
  private final long vStride;
  private final long negative;
  private final long zero;
  private final long carry;
  private final long overflow;
  private final long tpidr;
  private final long ttbr0;
  private final long syndrome;
  private final long faultAddress;
  private final long exclusive;
  private final SoftTlb tlb;

  private CpuInternals(Unicorn engine, CpuLayout layout) {
    this.layout = layout;
    this.engine = engine;
    this.uc = engine.handle();
    this.cpu = MEMORY.get(JAVA_LONG, uc + layout.cpuPointer);
    this.env = MEMORY.get(JAVA_LONG, cpu + layout.envPointer);
    this.x0 = env + layout.x;
    this.pc = env + layout.pc;
    this.v0 = env + layout.v0;
    this.vStride = layout.vStride;
    this.negative = env + layout.negative;
    this.zero = env + layout.zero;
    this.carry = env + layout.carry;
    this.overflow = env + layout.overflow;
    this.tpidr = env + layout.tpidrEl0;
    this.ttbr0 = env + layout.ttbr0El1;
    this.syndrome = env + layout.syndrome;
    this.faultAddress = env + layout.faultAddress;
    this.exclusive = env + layout.exclusiveAddress;
    SoftTlb.shrinkUnused(env, layout);
    this.tlb = new SoftTlb(env, layout);
  }

  /**
   * Opens the CPU of an engine that has run nothing yet. Sets {@code useExits} with no exits, and
   * {@code no_exit_request}: the engine then checks for stops between blocks only, without which a
   * stop from another thread can run a load or store twice.
   *
   * @param engine with page size 4096 and its CPU model set, memory mapped
   * @param scratch address of two zeroed pages at the start of the memory that was mapped first;
   *     they are zero again afterwards
   * @param memory the same pages in the host
   * @throws InternalsUnavailableException if the library's internals are not as expected; the
   *     engine can then only be closed, the pages are zero
   */
  public static CpuInternals of(Unicorn engine, long scratch, MemorySegment memory) {
    calibrate(engine, scratch, memory);
    engine.useExits(true); // initialises the engine, too
    engine.read(Arm64Register.PC);
    long cpu = MEMORY.get(JAVA_LONG, engine.handle() + calibrated.cpuPointer);
    if (MEMORY.get(JAVA_LONG, cpu + calibrated.enginePointer) != engine.handle()) {
      throw new UnicornException("two engines of one library differ inside", null);
    }
    MEMORY.set(JAVA_BYTE, engine.handle() + calibrated.noExitRequest, (byte) 1);
    return new CpuInternals(engine, calibrated);
  }

  /** Once per process, whether it fails or not. */
  private static synchronized void calibrate(Unicorn engine, long scratch, MemorySegment memory) {
    if (calibrated != null) {
      return;
    }
    if (unavailable == null) {
      try {
        InternalCalls.checkRare();
        calibrated = Calibration.run(engine, scratch, memory);
        return;
      } catch (InternalsUnavailableException e) {
        unavailable = e;
      } catch (ExceptionInInitializerError e) { // a symbol is missing
        if (!(e.getCause() instanceof InternalsUnavailableException missing)) {
          throw e;
        }
        unavailable = missing;
      }
      memory.asSlice(0, SCRATCH_BYTES).fill((byte) 0);
    }
    throw unavailable;
  }

  /** The slot of the jump cache for a virtual address (tb_jmp_cache_hash_func, 4 KiB pages). */
  static long jumpCacheSlot(long address) {
    int shift = TARGET_PAGE_BITS - JUMP_CACHE_PAGE_BITS;
    long mixed = address ^ address >>> shift;
    long page = (1L << JUMP_CACHE_BITS) - (1L << JUMP_CACHE_PAGE_BITS);
    return mixed >>> shift & page | mixed & (1L << JUMP_CACHE_PAGE_BITS) - 1;
  }

  // ---- Registers ----

  /** X0 to X30; 31 is the SP of the current level. */
  @Override
  public long x(int n) {
    return MEMORY.get(JAVA_LONG, x0 + 8L * n);
  }

  /** Sets X0 to X30; 31 is the SP of the current level. */
  @Override
  public void x(int n, long value) {
    MEMORY.set(JAVA_LONG, x0 + 8L * n, value);
  }

  /** PC. */
  @Override
  public long pc() {
    return MEMORY.get(JAVA_LONG, pc);
  }

  /** Sets PC. */
  @Override
  public void pc(long value) {
    MEMORY.set(JAVA_LONG, pc, value);
  }

  /** The condition flags in bits 31:28. */
  public int nzcv() {
    return MEMORY.get(JAVA_INT, negative) & 0x8000_0000
        | (MEMORY.get(JAVA_INT, zero) == 0 ? 1 << 30 : 0)
        | MEMORY.get(JAVA_INT, carry) << 29
        | (MEMORY.get(JAVA_INT, overflow) & 0x8000_0000) >>> 3;
  }

  /** Sets the condition flags from bits 31:28. */
  public void nzcv(int value) {
    MEMORY.set(JAVA_INT, negative, value);
    MEMORY.set(JAVA_INT, zero, ~value & 1 << 30);
    MEMORY.set(JAVA_INT, carry, value >>> 29 & 1);
    MEMORY.set(JAVA_INT, overflow, value << 3);
  }

  /** TPIDR_EL0. */
  public long tpidrEl0() {
    return MEMORY.get(JAVA_LONG, tpidr);
  }

  /** Sets TPIDR_EL0. */
  public void tpidrEl0(long value) {
    MEMORY.set(JAVA_LONG, tpidr, value);
  }

  /** Sets TTBR0_EL1 without forgetting cached translations. */
  public void ttbr0El1(long value) {
    MEMORY.set(JAVA_LONG, ttbr0, value);
  }

  /** Bits 63:0 of a vector register. */
  public long vLow(int n) {
    return MEMORY.get(JAVA_LONG, v0 + vStride * n);
  }

  /** Sets bits 63:0 of a vector register. */
  public void vLow(int n, long value) {
    MEMORY.set(JAVA_LONG, v0 + vStride * n, value);
  }

  /** Bits 127:64 of a vector register. */
  public long vHigh(int n) {
    return MEMORY.get(JAVA_LONG, v0 + vStride * n + 8);
  }

  /** Sets bits 127:64 of a vector register. */
  public void vHigh(int n, long value) {
    MEMORY.set(JAVA_LONG, v0 + vStride * n + 8, value);
  }

  /** FPCR and FPSR in one word, as AArch32's FPSCR. */
  public int fpscr() {
    return InternalCalls.GET_FPSCR.callInt(env);
  }

  /** Sets FPCR and FPSR. */
  public void fpscr(int value) {
    InternalCalls.SET_FPSCR.call(env, value);
  }

  /** X0 to X30 and SP into 32 elements of an array. */
  public void copyGeneral(long[] to, int index) {
    MemorySegment.copy(MEMORY, JAVA_LONG, x0, to, index, GENERAL_REGISTERS);
  }

  /** X0 to X30 and SP from 32 elements of an array. */
  public void setGeneral(long[] from, int index) {
    MemorySegment.copy(from, index, MEMORY, JAVA_LONG, x0, GENERAL_REGISTERS);
  }

  /** V0 to V31, low half first, into 64 elements of an array. */
  public void copyVectors(long[] to, int index) {
    long from = v0;
    for (int i = index; i < index + VECTOR_WORDS; i += 2) {
      to[i] = MEMORY.get(JAVA_LONG, from);
      to[i + 1] = MEMORY.get(JAVA_LONG, from + 8);
      from += vStride;
    }
  }

  /** V0 to V31, low half first, from 64 elements of an array. */
  public void setVectors(long[] from, int index) {
    long to = v0;
    for (int i = index; i < index + VECTOR_WORDS; i += 2) {
      MEMORY.set(JAVA_LONG, to, from[i]);
      MEMORY.set(JAVA_LONG, to + 8, from[i + 1]);
      to += vStride;
    }
  }

  /** Clears the exclusive monitor (CLREX). */
  public void clearExclusive() {
    MEMORY.set(JAVA_LONG, exclusive, -1);
  }

  // ---- Several CPUs in turns ----

  /** How many words {@link #copyRegisterFile} copies. */
  public int registerFileWords() {
    return (int) (layout.registerFileSize / Long.BYTES);
  }

  /**
   * All registers, general, SIMD and system, with the exclusive monitor: what makes one CPU differ
   * from another. Watchpoints are not in it.
   */
  public void copyRegisterFile(long[] to) {
    MemorySegment.copy(MEMORY, JAVA_LONG, env, to, 0, registerFileWords());
  }

  /** Replaces all registers; {@link #flushTlb} must follow before the guest runs. */
  public void setRegisterFile(long[] from) {
    MemorySegment.copy(from, 0, MEMORY, JAVA_LONG, env, registerFileWords());
  }

  /**
   * Lets the engine call a function whenever it leaves translated code for its outer loop: at a
   * stop, at WFI, and at WFE and YIELD, after which it would go on at once.
   *
   * @param function {@code void (*)(CPUState *)}; it may call {@link Unicorn#stop}
   * @throws UnicornException if the library's internals are not as expected
   */
  public void onLeave(MemorySegment function) {
    MEMORY.set(JAVA_LONG, new ClassTable(cpu, layout).leaveFunction(), function.address());
  }

  // ---- Exceptions ----

  /** The syndrome of the exception being reported, in the layout of ESR_ELx. */
  @Override
  public int syndrome() {
    return MEMORY.get(JAVA_INT, syndrome);
  }

  /** Sets the syndrome of the exception to be taken. */
  @Override
  public void syndrome(int value) {
    MEMORY.set(JAVA_INT, syndrome, value);
  }

  /** The virtual address of the abort being reported. */
  @Override
  public long faultAddress() {
    return MEMORY.get(JAVA_LONG, faultAddress);
  }

  /** Sets the virtual address of the abort to be taken. */
  @Override
  public void faultAddress(long value) {
    MEMORY.set(JAVA_LONG, faultAddress, value);
  }

  /** Sets the number of the exception that {@link #takeException} takes. */
  @Override
  public void exceptionNumber(int number) {
    MEMORY.set(JAVA_INT, cpu + layout.exceptionIndex, number);
  }

  /** The number of the exception being reported. */
  public int exceptionNumber() {
    return MEMORY.get(JAVA_INT, cpu + layout.exceptionIndex);
  }

  /** Sets the exception level that takes the exception. */
  public void exceptionTarget(int level) {
    MEMORY.set(JAVA_INT, env + layout.exceptionTarget, level);
  }

  /** Takes the exception being reported: ESR, FAR, ELR, SPSR, PSTATE and PC change. */
  @Override
  public void takeException() {
    InternalCalls.DO_INTERRUPT.call(cpu);
  }

  /** Whether the engine stopped because the guest waits for an interrupt. */
  @Override
  public boolean halted() {
    return MEMORY.get(JAVA_INT, cpu + layout.halted) != 0;
  }

  /** Drives the interrupt line; the engine delivers when the guest's mask allows. */
  @Override
  public void interruptLine(boolean asserted) {
    if (asserted) {
      InternalCalls.INTERRUPT.call(cpu, INTERRUPT_LINE);
    } else {
      InternalCalls.RESET_INTERRUPT.call(cpu, INTERRUPT_LINE);
    }
  }

  /** Ends the running chain of blocks, so that the engine looks at its interrupt line. */
  @Override
  public void exitBlocks() {
    InternalCalls.EXIT.call(cpu);
  }

  /** Must follow every change of PSTATE or of a control register. */
  @Override
  public void rebuildFlags() {
    InternalCalls.REBUILD_FLAGS.call(env);
  }

  // ---- Code and address translation ----

  /**
   * Forgets code translated from a range of memory.
   *
   * @param offset from the start of the memory that was mapped first
   * @param length bytes
   */
  @Override
  public void invalidateCode(long offset, long length) {
    InternalCalls.INVALIDATE.call(uc, offset, offset + length);
  }

  /**
   * Translates a virtual address as a load at the current exception level would, by the guest's
   * tables. May call devices in which the guest has its tables.
   *
   * @return the physical address, -1 if a load would fault
   */
  public long translate(long address) {
    return InternalCalls.Rare.TRANSLATE.call(cpu, address, InternalCalls.Rare.ATTRIBUTES.address());
  }

  /** Forgets which block follows at which virtual address, for all addresses. */
  public void clearJumpCache() {
    NativeMemory.fill(cpu + layout.jumpCache, JUMP_CACHE_BYTES, 0);
  }

  /** Forgets which blocks follow at the virtual addresses of one page. */
  public void clearJumpCache(long page) {
    InternalCalls.JUMP_CACHE_FLUSH_PAGE.call(cpu, page);
  }

  /** Forgets every cached translation and the jump cache. */
  public void flushTlb() {
    InternalCalls.TLB_FLUSH.call(cpu);
  }

  /** Forgets one page of EL0's TLB. */
  public void flushUserPage(long address) {
    InternalCalls.TLB_FLUSH_PAGE.call(cpu, address, (short) (1 << layout.userIndex));
  }

  /** EL0's software TLB. */
  public SoftTlb tlb() {
    return tlb;
  }

  /**
   * While a device callback runs: sets PC to the instruction that made the access.
   *
   * @return false if the engine does not know it
   */
  public boolean restoreAccessPc() {
    // CPUState.mem_io_pc lies between the jump cache and the pointer to the engine: it is the only
    // word there that belongs to translated code.
    for (long at = layout.jumpCache + JUMP_CACHE_BYTES; at < layout.enginePointer; at += 8) {
      long candidate = MEMORY.get(JAVA_LONG, cpu + at);
      if (candidate != 0 && InternalCalls.Rare.RESTORE_STATE.callBoolean(cpu, candidate, 0)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Replaces what the guest's MRS and MSR of a register call; before any such instruction is
   * translated.
   *
   * @param read {@code uint64_t (*)(CPUARMState *, const ARMCPRegInfo *)}
   * @param write {@code void (*)(CPUARMState *, const ARMCPRegInfo *, uint64_t)}
   * @return the register's description, the callbacks' second argument
   */
  public long replaceAccessors(SystemRegister register, MemorySegment read, MemorySegment write) {
    long description = registers().description(register);
    MEMORY.set(JAVA_LONG, description + layout.readFunction, read.address());
    MEMORY.set(JAVA_LONG, description + layout.writeFunction, write.address());
    return description;
  }

  /**
   * Lets a maintenance instruction (SYS) that the engine ignores call a function, after which the
   * block of translated code ends; before any such instruction is translated.
   *
   * @param write {@code void (*)(CPUARMState *, const ARMCPRegInfo *, uint64_t)}
   * @return the instruction's description, the callback's second argument
   * @throws UnicornException if the engine does not ignore it
   */
  public long replaceOperation(SystemRegister operation, MemorySegment write) {
    return registers().replaceNothing(operation, write, layout);
  }

  private SystemRegisterTable registers() {
    return new SystemRegisterTable(MEMORY.get(JAVA_LONG, cpu + layout.registerTable));
  }

  @Override
  public void onException(Hook.Interrupt listener) {
    engine.onInterrupt(listener);
  }

  @Override
  public int run() {
    return engine.startUnchecked(pc(), 0, 0, 0);
  }

  @Override
  public void stop() {
    engine.stop();
  }

  /** The engine. */
  @Override
  public Unicorn engine() {
    return engine;
  }
}
