package orrery.machine.cpu;

import java.util.List;
import orrery.machine.clock.MachineClock;
import orrery.machine.irq.InterruptLine;

/** One virtual CPU. */
public final class Vcpu implements AutoCloseable {
  /**
   * A vCPU in reset: EL1h, interrupts masked, PC 0. The first memory must be RAM. Everything that
   * is no memory is MMIO.
   */
  public Vcpu(List<GuestMemory> memory, MmioDispatcher mmio, MachineClock clock) {
    throw new UnsupportedOperationException();
  }

  /** Who serves HVC and SMC from EL1. */
  public void hypercalls(HypercallHandler handler) {
    throw new UnsupportedOperationException();
  }

  /** Where the generic timers' outputs go. */
  public void timer(InterruptLine virtual, InterruptLine physical) {
    throw new UnsupportedOperationException();
  }

  /** X0 to X30; 31 is the SP of the current level. */
  public long x(int n) {
    throw new UnsupportedOperationException();
  }

  /** Sets X0 to X30; 31 is SP. */
  public void x(int n, long value) {
    throw new UnsupportedOperationException();
  }

  /** SP. */
  public long sp() {
    throw new UnsupportedOperationException();
  }

  /** Sets SP. */
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

  /** PSTATE in SPSR layout. */
  public long pstate() {
    throw new UnsupportedOperationException();
  }

  /** Sets PSTATE; with a hosted kernel attached only NZCV. */
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

  /** ESR layout. */
  public int syndrome() {
    throw new UnsupportedOperationException();
  }

  /** FAR. */
  public long faultAddress() {
    throw new UnsupportedOperationException();
  }

  /** Attaches the hosted kernel. */
  public void traps(TrapHandler handler) {
    throw new UnsupportedOperationException();
  }

  /** EL1 state for EL0, PSTATE = EL0t. */
  public void enterUserMode() {
    throw new UnsupportedOperationException();
  }

  /** Saves the user context. */
  public void save(UserContext context) {
    throw new UnsupportedOperationException();
  }

  /** Loads a user context and clears the exclusive monitor. */
  public void load(UserContext context) {
    throw new UnsupportedOperationException();
  }

  /** A new address space; physical address of its level 1 table. */
  public Translation translation(long rootTable) {
    throw new UnsupportedOperationException();
  }

  /** Makes an address space current. */
  public void activate(Translation translation) {
    throw new UnsupportedOperationException();
  }

  /** Host wrote a frame that may hold translated code. */
  public void invalidateCode(long physical, long length) {
    throw new UnsupportedOperationException();
  }

  /** Machine time at which interrupted() is due; Long.MAX_VALUE for none. */
  public void deadline(long nanos) {
    throw new UnsupportedOperationException();
  }

  /** Parks until the interrupt line is asserted, the deadline has passed or wake() was called. */
  public void waitForInterrupt() {
    throw new UnsupportedOperationException();
  }

  /** Any thread: interrupts guest or wait. */
  public void wake() {
    throw new UnsupportedOperationException();
  }

  /** The interrupt line; any thread. */
  public InterruptLine irq() {
    throw new UnsupportedOperationException();
  }

  /** Whether the interrupt line is asserted. */
  public boolean irqAsserted() {
    throw new UnsupportedOperationException();
  }

  /** Runs until halt(). */
  public void run() {
    throw new UnsupportedOperationException();
  }

  /** Ends run(); any thread. */
  public void halt() {
    throw new UnsupportedOperationException();
  }

  /** Closes the engine. */
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
