package orrery.device.uart;

import java.util.ArrayList;
import java.util.List;
import orrery.machine.DeviceContext;
import orrery.machine.DeviceProvider;
import orrery.machine.PlatformDevice;

/**
 * Gives a machine its serial lines: the console's always, and a second one for error output if a
 * backend is plugged into it.
 */
public final class Pl011Provider implements DeviceProvider {
  /** The backend ({@link SerialBackend}) of the console's UART. */
  public static final String CONSOLE = "uart0";

  /** The backend ({@link SerialBackend}) of the UART for error output. */
  public static final String ERRORS = "uart1";

  private static final long CONSOLE_BASE = 0x0900_0000;
  private static final int CONSOLE_SPI = 1;
  private static final long ERRORS_BASE = 0x0904_0000;
  private static final int ERRORS_SPI = 8;

  /** For {@link java.util.ServiceLoader}. */
  public Pl011Provider() {}

  @Override
  public String name() {
    return "pl011";
  }

  @Override
  public String description() {
    return "UART (Arm PL011); backends: " + CONSOLE + " (console), " + ERRORS + " (error output)";
  }

  @Override
  public List<PlatformDevice> create(DeviceContext context) {
    List<PlatformDevice> devices = new ArrayList<>(2);
    SerialBackend console = context.backend(CONSOLE, SerialBackend.class);
    if (console == null) {
      console = new DisconnectedLine();
    }
    devices.add(
        new Pl011Device(CONSOLE_BASE, CONSOLE_SPI, true, console, context.interrupt(CONSOLE_SPI)));
    SerialBackend errors = context.backend(ERRORS, SerialBackend.class);
    if (errors != null) {
      devices.add(
          new Pl011Device(ERRORS_BASE, ERRORS_SPI, false, errors, context.interrupt(ERRORS_SPI)));
    }
    return devices;
  }
}
