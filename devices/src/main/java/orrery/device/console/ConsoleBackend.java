package orrery.device.console;

/** The host's terminal as the console-control device sees it. Any thread may ask. */
public interface ConsoleBackend {
  /** Whether no more input will come and the guest has taken all there was. */
  boolean inputEnded();

  /** The width in characters, 0 if unknown. */
  int columns();

  /** The height in characters, 0 if unknown. */
  int rows();

  /** Adds to what is called, on any thread, after any of these changed. */
  void addListener(Runnable changed);
}
