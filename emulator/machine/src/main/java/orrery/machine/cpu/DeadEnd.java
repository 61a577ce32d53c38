package orrery.machine.cpu;

/** Hears, on the vCPU's thread, that the guest cannot go on. The handler halts the CPUs. */
@FunctionalInterface
public interface DeadEnd {
  /**
   * The guest cannot go on.
   *
   * @param reason why, for a message
   */
  void reached(String reason);
}
