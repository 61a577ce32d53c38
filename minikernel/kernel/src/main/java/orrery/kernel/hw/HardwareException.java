package orrery.kernel.hw;

/**
 * Hardware is not as a driver needs it, or there is no memory for it. Ends the probe it happens in:
 * the kernel then revokes what the driver holds and goes on without the device.
 */
public final class HardwareException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** One line that names the device and what is wrong. */
  public HardwareException(String message) {
    super(message);
  }
}
