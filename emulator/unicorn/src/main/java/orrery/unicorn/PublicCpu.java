package orrery.unicorn;

import java.lang.foreign.MemorySegment;

/**
 * A CPU for guest kernels that needs nothing of the library beyond {@code unicorn.h}: the engine is
 * stopped at every exception, which is then entered by writing registers (ARM DDI 0487, D1.10). A
 * block hook looks at the interrupt line and carries out stops, because a stop from another thread
 * or out of a device could run a load or store twice. So guests are several times slower than with
 * {@link CpuInternals}.
 *
 * <p>Syndrome and fault address are read from the context that {@code uc_context_save} fills; where
 * they lie in it is found by running two instructions.
 *
 * <p>Not here: several CPUs, exceptions that a host's kernel serves, programs in AArch32.
 */
public final class PublicCpu extends EngineCpu {
  private static final int GENERAL_REGISTERS = 32;
  private static final int NONE = -1;
  private static final long PSTATE_MASK = 0xffff_ffffL;
  private static final long IRQ_MASKED = 1 << 7;
  private static final long AARCH32 = 1 << 4;
  private static final int LEVEL_SHIFT = 2;

  /** EL1h, all interrupts masked. */
  private static final long EXCEPTION_PSTATE = 0x3c5;

  // Offsets of the vectors (ARM DDI 0487, D1.10.2).
  private static final int VECTOR_SAME_LEVEL = 0x200;
  private static final int VECTOR_LOWER_LEVEL = 0x400;
  private static final int VECTOR_IRQ = 0x80;

  private static final int ESR_EL1 = Arm64Register.esr(1);
  private static final int FAR_EL1 = Arm64Register.far(1);
  private static final int ELR_EL1 = Arm64Register.elr(1);
  private static final int VBAR_EL1 = Arm64Register.vbar(1);
  private static final int SP_EL0 = Arm64Register.sp(0);
  private static final int SP_EL1 = Arm64Register.sp(1);
  private static final SystemRegister SPSR_EL1 = new SystemRegister(3, 0, 4, 0, 0);

  /** Writing any system register makes the engine recompute what translation depends on. */
  private static final SystemRegister TPIDRRO_EL0 = new SystemRegister(3, 3, 13, 0, 3);

  private final Unicorn engine;
  private final CpuContext context;
  private final int[] registers = new int[GENERAL_REGISTERS];
  private final long syndromeOffset;
  private final long faultAddressOffset;

  private Hook.Interrupt listener;
  private int exception = NONE;
  private int syndrome;
  private long faultAddress;
  private boolean interrupt;
  private boolean waiting;
  private boolean flush;
  private volatile boolean stop;
  private boolean left;
  private long blockStart;
  private int blockSize;

  private PublicCpu(Unicorn engine, long scratch, MemorySegment memory) {
    this.engine = engine;
    for (int n = 0; n < GENERAL_REGISTERS; n++) {
      registers[n] = n == GENERAL_REGISTERS - 1 ? Arm64Register.SP : Arm64Register.x(n);
    }
    engine.onInterrupt(this::excepted);
    context = engine.saveContext();
    try {
      ContextCalibration calibration = new ContextCalibration(engine, context, scratch, memory);
      syndromeOffset = calibration.syndromeOffset();
      faultAddressOffset = calibration.faultAddressOffset();
    } catch (RuntimeException | Error e) {
      context.close();
      throw e;
    }
    exception = NONE;
    engine.onBlock(1, 0, this::entered);
  }

  /**
   * Opens the CPU of an engine that has run nothing yet.
   *
   * @param engine with page size 4096 and its CPU model set, memory mapped
   * @param scratch address of two zeroed pages of memory; they are zero again afterwards
   * @param memory the same pages in the host
   * @throws UnicornException if the library does not show what it should
   */
  public static PublicCpu of(Unicorn engine, long scratch, MemorySegment memory) {
    engine.useExits(true);
    return new PublicCpu(engine, scratch, memory);
  }

  @Override
  public Unicorn engine() {
    return engine;
  }

  @Override
  public long x(int n) {
    return engine.read(registers[n]);
  }

  @Override
  public void x(int n, long value) {
    engine.write(registers[n], value);
  }

  @Override
  public long pc() {
    return engine.read(Arm64Register.PC);
  }

  @Override
  public void pc(long value) {
    engine.write(Arm64Register.PC, value);
  }

  @Override
  public void rebuildFlags() {
    engine.write(TPIDRRO_EL0, engine.read(TPIDRRO_EL0));
  }

  @Override
  public void onException(Hook.Interrupt told) {
    listener = told;
  }

  @Override
  public int syndrome() {
    return syndrome;
  }

  @Override
  public void syndrome(int value) {
    syndrome = value;
  }

  @Override
  public long faultAddress() {
    return faultAddress;
  }

  @Override
  public void faultAddress(long value) {
    faultAddress = value;
  }

  @Override
  public void exceptionNumber(int number) {
    exception = number;
  }

  @Override
  public void takeException() {
    engine.write(ESR_EL1, Integer.toUnsignedLong(syndrome));
    if (exception == CpuInternals.EXCEPTION_DATA_ABORT
        || exception == CpuInternals.EXCEPTION_PREFETCH_ABORT) {
      engine.write(FAR_EL1, faultAddress);
    }
    enter(0);
  }

  @Override
  public void interruptLine(boolean asserted) {
    interrupt = asserted;
  }

  @Override
  public void exitBlocks() {
    // The next block looks at the line by itself.
  }

  @Override
  public void invalidateCode(long offset, long length) {
    // Not now: the block that runs would go with the others.
    flush = true;
    stop = true;
  }

  @Override
  public void stop() {
    stop = true;
  }

  @Override
  public boolean halted() {
    return waiting;
  }

  @Override
  public int run() {
    if (flush) {
      flush = false;
      engine.flushBlocks();
    }
    if (interrupt && !interruptsMasked()) {
      enter(VECTOR_IRQ);
    }
    left = false;
    blockSize = 0;
    int code = engine.startUnchecked(pc(), 0, 0, 0);
    stop = false;
    if (exception == NONE) {
      waiting = code == 0 && !left;
      return code;
    }
    waiting = false;
    context.save();
    syndrome = context.peekInt(syndromeOffset);
    faultAddress = context.peekLong(faultAddressOffset);
    try {
      listener.interrupted(exception);
    } finally {
      exception = NONE;
    }
    return 0;
  }

  /** Where the block that runs, or ran last, starts: a virtual address. */
  public long blockStart() {
    return blockStart;
  }

  /** How many bytes of code it has; 0 if {@link #run} has run none yet. */
  public int blockSize() {
    return blockSize;
  }

  private boolean interruptsMasked() {
    return (engine.read(Arm64Register.PSTATE) & IRQ_MASKED) != 0;
  }

  /** A block begins. */
  private void entered(long address, int size) {
    blockStart = address;
    blockSize = size;
    if (stop || interrupt && !interruptsMasked()) {
      left = true;
      engine.stop();
    }
  }

  /** The engine reports an exception; it is served when the engine has stopped. */
  private void excepted(int number) {
    exception = number;
    engine.stop();
  }

  /** Enters an exception at EL1; ESR and FAR are written already. */
  private void enter(int kind) {
    long pstate = engine.read(Arm64Register.PSTATE) & PSTATE_MASK;
    if ((pstate & AARCH32) != 0) {
      throw new UnicornException(
          "AArch32 programs need the library's internals: use version 2.1.4", null);
    }
    boolean lower = (pstate >>> LEVEL_SHIFT & 3) == 0;
    boolean ownStack = !lower && (pstate & 1) != 0;
    engine.write(ELR_EL1, engine.read(Arm64Register.PC));
    long stack = 0;
    if (!ownStack) {
      engine.write(SP_EL0, engine.read(Arm64Register.SP));
      stack = engine.read(SP_EL1);
    }
    engine.write(Arm64Register.PSTATE, EXCEPTION_PSTATE);
    if (!ownStack) {
      engine.write(Arm64Register.SP, stack);
    }
    engine.write(SPSR_EL1, pstate); // rebuilds the flags, too
    int vector = lower ? VECTOR_LOWER_LEVEL : ownStack ? VECTOR_SAME_LEVEL : 0;
    engine.write(Arm64Register.PC, engine.read(VBAR_EL1) + vector + kind);
  }

  @Override
  public void close() {
    context.close();
    super.close();
  }
}
