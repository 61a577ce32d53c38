package orrery.machine.cpu;

/**
 * A hosted kernel's exception vector. All calls come on the vCPU's thread while the engine is
 * stopped between two instructions of the guest; on return the guest goes on with whatever context
 * and translation are then loaded.
 *
 * <p>A handler that throws ends {@link Vcpu#run}, which rethrows.
 */
public interface TrapHandler {
  /** SVC from EL0; PC is already past it. */
  void supervisorCall(Vcpu cpu);

  /**
   * Any other synchronous exception from EL0: abort, undefined instruction, BRK, trapped system
   * register, alignment. {@link Vcpu#syndrome} and {@link Vcpu#faultAddress} tell which; PC is at
   * the instruction.
   */
  void synchronousException(Vcpu cpu);

  /**
   * Between two instructions: the interrupt line is asserted, the deadline has passed or {@link
   * Vcpu#wake} was called. May be called for no reason.
   */
  void interrupted(Vcpu cpu);
}
