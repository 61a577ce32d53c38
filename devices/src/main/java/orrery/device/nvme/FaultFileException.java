package orrery.device.nvme;

import java.io.Serial;

/** A file of faults that makes no sense; the message names the line and what to write instead. */
public final class FaultFileException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  FaultFileException(String message) {
    super(message);
  }
}
