package orrery.kernel.tty;

/** What is at the other end of a terminal: a serial port, or the master of a pair. */
interface TerminalPort extends OutputProcessor.Sink {
  /** Bytes that {@link #put} takes now without losing any. */
  int room();

  /** Sends one byte; only while there is {@link #room}. */
  @Override
  void put(int c);

  /** Everything put so far may go out: the end of a burst of {@link #put}s. */
  void flush();

  /** Bytes put that have not left yet. */
  int pending();

  /** Throws away what has not left yet. */
  void discard();

  /** The line discipline has room again after it had refused input. */
  void inputWanted();

  /** Throws away input that the line discipline has not taken yet. */
  void discardInput();
}
