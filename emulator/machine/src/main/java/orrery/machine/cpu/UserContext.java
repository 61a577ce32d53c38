package orrery.machine.cpu;

/** The registers of a user task that is not running. */
public final class UserContext implements AutoCloseable {
  /** All registers zero. */
  public UserContext() {
    throw new UnsupportedOperationException();
  }

  /** X0 to X30; 31 is SP. */
  public long x(int n) {
    throw new UnsupportedOperationException();
  }

  /** Sets X0 to X30; 31 is SP. */
  public void x(int n, long value) {
    throw new UnsupportedOperationException();
  }

  /** SP_EL0. */
  public long sp() {
    throw new UnsupportedOperationException();
  }

  /** Sets SP_EL0. */
  public void sp(long value) {
    throw new UnsupportedOperationException();
  }

  /** PC. */
  public long pc() {
    throw new UnsupportedOperationException();
  }

  /** Sets PC. */
  public void pc(long value) {
    throw new UnsupportedOperationException();
  }

  /** NZCV in SPSR layout. */
  public long pstate() {
    throw new UnsupportedOperationException();
  }

  /** Sets NZCV. */
  public void pstate(long value) {
    throw new UnsupportedOperationException();
  }

  /** TPIDR_EL0. */
  public long tpidrEl0() {
    throw new UnsupportedOperationException();
  }

  /** Sets TPIDR_EL0. */
  public void tpidrEl0(long value) {
    throw new UnsupportedOperationException();
  }

  /** FPCR. */
  public int fpcr() {
    throw new UnsupportedOperationException();
  }

  /** Sets FPCR. */
  public void fpcr(int value) {
    throw new UnsupportedOperationException();
  }

  /** FPSR. */
  public int fpsr() {
    throw new UnsupportedOperationException();
  }

  /** Sets FPSR. */
  public void fpsr(int value) {
    throw new UnsupportedOperationException();
  }

  /** Bits 63:0 of Vn. */
  public long vLow(int n) {
    throw new UnsupportedOperationException();
  }

  /** Sets bits 63:0 of Vn. */
  public void vLow(int n, long value) {
    throw new UnsupportedOperationException();
  }

  /** Bits 127:64 of Vn. */
  public long vHigh(int n) {
    throw new UnsupportedOperationException();
  }

  /** Sets bits 127:64 of Vn. */
  public void vHigh(int n, long value) {
    throw new UnsupportedOperationException();
  }

  /** Copies all registers (fork). */
  public void copyFrom(UserContext other) {
    throw new UnsupportedOperationException();
  }

  /** Frees the block. */
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
