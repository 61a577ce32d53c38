package orrery.machine;

import java.util.List;
import orrery.machine.bus.MmioDevice;
import orrery.machine.fdt.DeviceTreeBuilder;

/**
 * A device at a fixed address, with what the machine needs to put it on the bus and into the device
 * tree. The machine calls {@link #powerOff} once, on the thread that runs the machine.
 */
public interface PlatformDevice {
  /** The generic name of its device tree node, such as {@code serial}. */
  String name();

  /** Guest-physical address of the registers. */
  long base();

  /** Size of the registers' range in bytes. */
  long size();

  /** What programs drivers may drive it with, most specific first. */
  List<String> compatible();

  /** The shared peripheral interrupts (SPI numbers) it may raise, level-sensitive. */
  int[] interrupts();

  /** The names of its clock inputs; all run from the machine's peripheral clock of 24 MHz. */
  default List<String> clocks() {
    return List.of();
  }

  /** Whether guests may take it for their console ({@code stdout-path}); one device at most. */
  default boolean isConsole() {
    return false;
  }

  /** Its registers. */
  MmioDevice registers();

  /**
   * Adds to its device tree node what {@code compatible}, {@code reg} and {@code interrupts} do not
   * say.
   */
  default void describe(DeviceTreeBuilder node) {}

  /**
   * The machine is off: let nothing the guest handed over be lost, and free what the device holds.
   *
   * @param deadline {@link System#nanoTime} after which waiting for the host must end; {@link
   *     Long#MAX_VALUE} for none
   */
  default void powerOff(long deadline) {}
}
