package orrery.device.virtio;

import java.util.List;
import orrery.device.console.ConsoleBackend;
import orrery.device.console.ConsoleControlProvider;
import orrery.device.uart.SerialBackend;
import orrery.machine.pci.PciContext;
import orrery.machine.pci.PciDevice;
import orrery.machine.pci.PciDeviceProvider;

/** Gives a machine with PCI a second console if a line is plugged into it. */
public final class VirtioConsoleProvider implements PciDeviceProvider {
  /** The backend ({@link SerialBackend}) of the console. */
  public static final String CONSOLE = "hvc0";

  /** For {@link java.util.ServiceLoader}. */
  public VirtioConsoleProvider() {}

  @Override
  public String name() {
    return "virtio-console";
  }

  @Override
  public String description() {
    return "console (virtio 1.2, PCI); backends: "
        + CONSOLE
        + " (its line), "
        + ConsoleControlProvider.CONSOLE
        + " (its terminal's size)";
  }

  @Override
  public List<PciDevice> create(PciContext context) {
    SerialBackend line = context.backend(CONSOLE, SerialBackend.class);
    if (line == null) {
      return List.of();
    }
    ConsoleBackend terminal = context.backend(ConsoleControlProvider.CONSOLE, ConsoleBackend.class);
    return List.of(new VirtioFunction(new VirtioConsole(line, terminal, context)));
  }
}
