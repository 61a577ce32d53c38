package orrery.machine.irq;

/**
 * A level-sensitive interrupt wire. Any thread may drive it; driving it twice is driving it once.
 */
public interface InterruptLine {
  /** Asserts the line. */
  void raise();

  /** Deasserts the line. */
  void lower();

  /** Asserts or deasserts the line. */
  default void set(boolean asserted) {
    if (asserted) {
      raise();
    } else {
      lower();
    }
  }
}
