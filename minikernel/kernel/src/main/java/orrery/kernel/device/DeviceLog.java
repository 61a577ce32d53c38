package orrery.kernel.device;

import orrery.kernel.log.KernelLog;

/**
 * The kernel's log, for a driver whose device is bound; each line begins with the device's name.
 */
public final class DeviceLog {
  private final String device;
  private final KernelLog log;

  DeviceLog(String device, KernelLog log) {
    this.device = device;
    this.log = log;
  }

  /** A line. */
  public void line(String text) {
    log.line(device + ": " + text);
  }
}
