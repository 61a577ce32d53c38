package orrery.kernel.device;

/** What a driver has published ({@link Device#publish}), for the time after the probe. */
public final class DeviceFiles {
  private final Binding binding;
  private final DeviceManager manager;

  DeviceFiles(Binding binding, DeviceManager manager) {
    this.binding = binding;
    this.manager = manager;
  }

  /**
   * The device is gone for good: its files leave /dev. Those that are open stay so, and the driver
   * goes on answering for them.
   */
  public void withdraw() {
    manager.withdraw(binding);
  }
}
