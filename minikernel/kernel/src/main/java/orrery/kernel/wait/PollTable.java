package orrery.kernel.wait;

/** Collects the queues whose wake-up may change what a file's {@code poll} answers. */
public interface PollTable {
  /** Registers with {@code queue}. */
  void add(WaitQueue queue);

  /**
   * Registers with a queue whose wake-ups can only bring some of the events.
   *
   * @param events poll(2) bits; errors and hang-ups may come whatever they are
   */
  default void add(WaitQueue queue, int events) {
    add(queue);
  }
}
