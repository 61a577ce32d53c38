package orrery.machine.cpu;

/**
 * What stands above EL1: PSCI and the machine's own calls (Arm SMC Calling Convention, DEN 0028).
 */
@FunctionalInterface
public interface HypercallHandler {
  /**
   * A guest at EL1 executed HVC or SMC; PC is already past it. The function is in x0, arguments in
   * x1 to x7, and results go into x0 to x3. The handler may attach a hosted kernel ({@link
   * Vcpu#traps}, {@link Vcpu#enterUserMode}); then the vCPU goes on at EL0 with what was loaded.
   *
   * @param cpu the vCPU, on its own thread
   * @param immediate the instruction's 16-bit immediate
   */
  void hypercall(Vcpu cpu, int immediate);
}
