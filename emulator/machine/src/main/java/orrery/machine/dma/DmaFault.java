package orrery.machine.dma;

/**
 * A transfer that nothing on the bus completes: outside memory, or by a device that is not allowed
 * to master the bus. One instance without stack trace or message serves all, because guests may
 * cause as many as they like.
 */
public final class DmaFault extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** The fault. */
  public static final DmaFault INSTANCE = new DmaFault();

  private DmaFault() {
    super("the transfer reaches no memory", null, false, false);
  }
}
