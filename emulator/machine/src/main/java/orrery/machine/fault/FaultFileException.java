package orrery.machine.fault;

import java.io.Serial;

/**
 * A file of faults that makes no sense; the message is one line that names file, line and key, and
 * says what to write instead.
 */
public final class FaultFileException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  /** With a message for the user. */
  public FaultFileException(String message) {
    super(message);
  }
}
