package orrery.machine.cpu;

/**
 * Switches CPUs on and off, as PSCI wants it (Arm DEN 0022): all but the first are off at reset. On
 * the vCPU's thread, in a hypercall.
 */
public interface CpuPower {
  /** How many CPUs there are. */
  int count();

  /** Whether a CPU is on. */
  boolean isOn(int index);

  /** Whether an instruction may lie at a physical address. */
  boolean isEntry(long address);

  /**
   * Switches on a CPU that is off: it starts in reset state at EL1, MMU off, interrupts masked.
   *
   * @param index which
   * @param entry where it starts, a physical address
   * @param context what X0 then is
   */
  void on(int index, long entry, long context);

  /** Switches off the CPU that asks. If it was the last one the machine cannot go on. */
  void off();

  /** The CPU that asks waits for an interrupt. */
  void suspend();
}
