package orrery.machine.fdt;

/** A device tree that is malformed, or lacks what was asked of it; the message says where. */
public final class DeviceTreeException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** A failure described by one line. */
  public DeviceTreeException(String message) {
    super(message);
  }
}
