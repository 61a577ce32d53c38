package orrery.machine.cpu;

import orrery.unicorn.CpuInternals;
import orrery.unicorn.EngineCpu;

/** The registers of the CPU that runs; on the vCPU's thread. Nothing here allocates. */
public abstract class CpuRegisters {
  private static final int INSTRUCTION_BYTES = 4;

  /** Set once, when the engine is there. */
  EngineCpu cpu;

  /** The same, or null: what only a hosted kernel uses needs the engine's internals. */
  CpuInternals internals;

  CpuRegisters() {}

  /** X0 to X30; 31 is the SP of the current level. */
  public long x(int n) {
    return cpu.x(n);
  }

  /** Sets X0 to X30; 31 is the SP of the current level. */
  public void x(int n, long value) {
    cpu.x(n, value);
  }

  /** SP of the current level. */
  public long sp() {
    return cpu.x(31);
  }

  /** Sets SP of the current level. */
  public void sp(long value) {
    cpu.x(31, value);
  }

  /** PC. */
  public long pc() {
    return cpu.pc();
  }

  /** Sets PC. */
  public void pc(long value) {
    cpu.pc(value);
  }

  /** Moves PC over the instruction that trapped, once the handler has done its work. */
  public void skipInstruction() {
    cpu.pc(cpu.pc() + INSTRUCTION_BYTES);
  }

  /** TPIDR_EL0. */
  public long tpidrEl0() {
    return internals.tpidrEl0();
  }

  /** Sets TPIDR_EL0. */
  public void tpidrEl0(long value) {
    internals.tpidrEl0(value);
  }

  /** FPCR. */
  public int fpcr() {
    return internals.fpscr() & UserContext.FPCR_MASK;
  }

  /** Sets FPCR; bits that do not exist are ignored. */
  public void fpcr(int value) {
    internals.fpscr(internals.fpscr() & ~UserContext.FPCR_MASK | value & UserContext.FPCR_MASK);
  }

  /** FPSR. */
  public int fpsr() {
    return internals.fpscr() & UserContext.FPSR_MASK;
  }

  /** Sets FPSR; bits that do not exist are ignored. */
  public void fpsr(int value) {
    internals.fpscr(internals.fpscr() & ~UserContext.FPSR_MASK | value & UserContext.FPSR_MASK);
  }

  /** Bits 63:0 of Vn. */
  public long vLow(int n) {
    return internals.vLow(n);
  }

  /** Sets bits 63:0 of Vn. */
  public void vLow(int n, long value) {
    internals.vLow(n, value);
  }

  /** Bits 127:64 of Vn. */
  public long vHigh(int n) {
    return internals.vHigh(n);
  }

  /** Sets bits 127:64 of Vn. */
  public void vHigh(int n, long value) {
    internals.vHigh(n, value);
  }

  /** In a trap: the exception's syndrome in the layout of ESR_EL1. */
  public int syndrome() {
    return cpu.syndrome();
  }

  /** In a trap: the virtual address that an abort is about. */
  public long faultAddress() {
    return cpu.faultAddress();
  }
}
