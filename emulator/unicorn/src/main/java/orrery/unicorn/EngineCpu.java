package orrery.unicorn;

/**
 * What running a guest kernel needs of the engine's CPU: architectural exceptions, the interrupt
 * line, waiting, code invalidation. {@link CpuInternals} does it fast, with the library's
 * internals; {@link PublicCpu} with nothing but {@code unicorn.h}.
 *
 * <p>Everything belongs to the thread that runs the engine, except {@link #stop}.
 */
public abstract sealed class EngineCpu implements AutoCloseable permits CpuInternals, PublicCpu {
  EngineCpu() {}

  /** The engine. */
  public abstract Unicorn engine();

  /** X0 to X30; 31 is the SP of the current level. */
  public abstract long x(int n);

  /** Sets X0 to X30; 31 is the SP of the current level. */
  public abstract void x(int n, long value);

  /** PC; in an engine's callback only where an exception is reported. */
  public abstract long pc();

  /** Sets PC; in an engine's callback only where an exception is reported. */
  public abstract void pc(long value);

  /** Must follow every change of PSTATE or of a control register. */
  public abstract void rebuildFlags();

  /** Who hears of exceptions, with their numbers; while it does, registers may be changed. */
  public abstract void onException(Hook.Interrupt listener);

  /** The syndrome of the exception being reported, in the layout of ESR_ELx. */
  public abstract int syndrome();

  /** Sets the syndrome of the exception to be taken. */
  public abstract void syndrome(int value);

  /** The virtual address of the abort being reported. */
  public abstract long faultAddress();

  /** Sets the virtual address of the abort to be taken. */
  public abstract void faultAddress(long value);

  /** Sets the number of the exception that {@link #takeException} takes. */
  public abstract void exceptionNumber(int number);

  /** Takes the exception being reported to EL1: ESR, FAR, ELR, SPSR, PSTATE and PC change. */
  public abstract void takeException();

  /** Drives the interrupt line; it is delivered when the guest's mask allows. */
  public abstract void interruptLine(boolean asserted);

  /** Ends the running chain of blocks, so that the interrupt line is looked at. */
  public abstract void exitBlocks();

  /**
   * Forgets code translated from a range of memory.
   *
   * @param offset from the start of the memory that was mapped first
   * @param length bytes
   */
  public abstract void invalidateCode(long offset, long length);

  /**
   * Runs from PC until {@link #stop}, the guest waits, or it does what no callback answers.
   *
   * @return {@code uc_err}; 0 is success
   */
  public abstract int run();

  /** Ends {@link #run} soon; any thread. A stop just before it runs may be lost. */
  public abstract void stop();

  /** Whether {@link #run} ended because the guest waits for an interrupt. */
  public abstract boolean halted();

  /** Closes the engine. */
  @Override
  public void close() {
    engine().close();
  }
}
