package orrery.machine.cpu;

import orrery.unicorn.CpuInternals;

/**
 * The registers of a user task while it is not running: X0 to X30, SP_EL0, PC, NZCV, TPIDR_EL0, V0
 * to V31, FPCR, FPSR. Owned by the task, used on the vCPU's thread.
 */
public final class UserContext implements AutoCloseable {
  /** The condition flags in PSTATE; everything else of EL0's PSTATE is zero. */
  static final long NZCV = 0xf000_0000L;

  /** FPCR's bits in the combined word (AHP, DN, FZ, RMode, FZ16). */
  static final int FPCR_MASK = 0x07f7_9f00;

  /** FPSR's bits in the combined word (QC and the cumulative exceptions). */
  static final int FPSR_MASK = 0x0800_009f;

  // The registers in one array: X0 to X30, SP, then these.
  private static final int SP = 31;
  private static final int PC = 32;
  private static final int TPIDR = 33;
  private static final int PSTATE = 34;
  private static final int FPSCR = 35;
  private static final int V0 = 36;
  private static final int WORDS = V0 + 64;

  private long[] words = new long[WORDS];

  /** All registers zero. */
  public UserContext() {}

  /** X0 to X30; 31 is SP. */
  public long x(int n) {
    return words[n];
  }

  /** Sets X0 to X30; 31 is SP. */
  public void x(int n, long value) {
    words[n] = value;
  }

  /** SP_EL0. */
  public long sp() {
    return words[SP];
  }

  /** Sets SP_EL0. */
  public void sp(long value) {
    words[SP] = value;
  }

  /** PC. */
  public long pc() {
    return words[PC];
  }

  /** Sets PC. */
  public void pc(long value) {
    words[PC] = value;
  }

  /** PSTATE in SPSR layout: EL0t and the condition flags. */
  public long pstate() {
    return words[PSTATE];
  }

  /** Sets the condition flags; the other bits are ignored, so that any value is safe. */
  public void pstate(long value) {
    words[PSTATE] = value & NZCV;
  }

  /** TPIDR_EL0. */
  public long tpidrEl0() {
    return words[TPIDR];
  }

  /** Sets TPIDR_EL0. */
  public void tpidrEl0(long value) {
    words[TPIDR] = value;
  }

  /** FPCR. */
  public int fpcr() {
    return (int) words[FPSCR] & FPCR_MASK;
  }

  /** Sets FPCR; bits that do not exist are ignored. */
  public void fpcr(int value) {
    words[FPSCR] = words[FPSCR] & ~FPCR_MASK | value & FPCR_MASK;
  }

  /** FPSR. */
  public int fpsr() {
    return (int) words[FPSCR] & FPSR_MASK;
  }

  /** Sets FPSR; bits that do not exist are ignored. */
  public void fpsr(int value) {
    words[FPSCR] = words[FPSCR] & ~FPSR_MASK | value & FPSR_MASK;
  }

  /** Bits 63:0 of Vn. */
  public long vLow(int n) {
    return words[V0 + 2 * n];
  }

  /** Sets bits 63:0 of Vn. */
  public void vLow(int n, long value) {
    words[V0 + 2 * n] = value;
  }

  /** Bits 127:64 of Vn. */
  public long vHigh(int n) {
    return words[V0 + 2 * n + 1];
  }

  /** Sets bits 127:64 of Vn. */
  public void vHigh(int n, long value) {
    words[V0 + 2 * n + 1] = value;
  }

  /** Copies all registers (fork). */
  public void copyFrom(UserContext other) {
    System.arraycopy(other.words, 0, words, 0, WORDS);
  }

  void save(CpuInternals cpu) {
    long[] to = words;
    cpu.copyGeneral(to, 0);
    to[PC] = cpu.pc();
    to[TPIDR] = cpu.tpidrEl0();
    to[PSTATE] = cpu.nzcv() & NZCV;
    to[FPSCR] = cpu.fpscr();
    cpu.copyVectors(to, V0);
  }

  void load(CpuInternals cpu) {
    long[] from = words;
    cpu.setGeneral(from, 0);
    cpu.pc(from[PC]);
    cpu.tpidrEl0(from[TPIDR]);
    cpu.nzcv((int) from[PSTATE]);
    cpu.fpscr((int) from[FPSCR]);
    cpu.setVectors(from, V0);
    cpu.clearExclusive();
  }

  /** Ends the context's life: every later use fails. */
  @Override
  public void close() {
    words = null;
  }
}
