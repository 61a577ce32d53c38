package orrery.kernel.device;

/** Makes terminals of serial drivers; the room above knows what a terminal is. */
public interface Terminals {
  /**
   * A terminal's two ends.
   *
   * @param node the file by which programs open it
   * @param input takes what the driver receives
   */
  record Line(DeviceNode node, SerialInput input) {}

  /**
   * Makes a terminal.
   *
   * @param driver where the {@link SerialDriver} is while it is bound
   */
  Line open(String file, int major, int minor, Driven driver);
}
