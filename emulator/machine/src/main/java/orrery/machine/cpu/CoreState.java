package orrery.machine.cpu;

/** All state of one CPU that the engine does not hold while it runs; a snapshot copies it. */
final class CoreState {
  /** The registers while another CPU runs, as the engine keeps them. */
  final long[] registers;

  /** Switched on by PSCI, or the first CPU. */
  boolean on;

  /** Waits for an interrupt (WFI or a standby). */
  boolean waiting;

  final TimerState timers = new TimerState();

  CoreState(int registerWords) {
    registers = new long[registerWords];
  }
}
