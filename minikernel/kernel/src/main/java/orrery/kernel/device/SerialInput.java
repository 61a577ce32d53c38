package orrery.kernel.device;

/** What a serial driver tells its terminal. */
public interface SerialInput {
  /** True if {@link #receive} has a place for a byte; while false the driver keeps it. */
  boolean accepts();

  /** One byte came in. */
  void receive(int octet);

  /** There is room for output again. */
  void transmitReady();

  /** The size of what is at the other end, in characters. */
  void resize(int rows, int columns);
}
