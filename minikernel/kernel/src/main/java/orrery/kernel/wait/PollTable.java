package orrery.kernel.wait;

/** Collects the queues whose wake-up may change what a file's {@code poll} answers. */
public interface PollTable {
  /** Registers with {@code queue}. */
  void add(WaitQueue queue);
}
