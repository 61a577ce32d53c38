package orrery.kernel.tty;

/** Takes what a serial port receives. */
interface SerialReceiver {
  /** True if {@link #receive} has a place for a byte; while false the port keeps it. */
  boolean accepts();

  /** One byte came in. */
  void receive(int c);

  /** A burst of {@link #receive}s is over. */
  void received();

  /** The port's transmit ring has room again. */
  void transmitReady();
}
