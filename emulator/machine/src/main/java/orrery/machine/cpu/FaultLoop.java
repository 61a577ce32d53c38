package orrery.machine.cpu;

/**
 * Tells when a guest kernel faults in its own exception vector for ever: the vector is not there,
 * not executable, or cannot save registers.
 */
final class FaultLoop {
  /** Bytes of code of one exception vector (ARM DDI 0487, D1.10.2). */
  private static final int VECTOR_BYTES = 0x80;

  /** So often in a row it may fault inside the vector that it then enters: a stack that is bad. */
  private static final int LIMIT = 10_000;

  private int repeated;

  /**
   * An exception was taken.
   *
   * @param at PC before
   * @param vector PC now
   * @return whether the guest cannot go on
   */
  boolean taken(long at, long vector) {
    if (Long.compareUnsigned(at - vector, VECTOR_BYTES) >= 0) {
      repeated = 0;
      return false;
    }
    repeated++;
    return repeated >= LIMIT;
  }
}
