package orrery.device.console;

import java.util.List;
import orrery.machine.DeviceContext;
import orrery.machine.DeviceProvider;
import orrery.machine.PlatformDevice;
import orrery.machine.bus.MmioDevice;

/** Gives every machine its console-control device. */
public final class ConsoleControlProvider implements DeviceProvider {
  /** The backend ({@link ConsoleBackend}) of the device; a console of unknown size without one. */
  public static final String CONSOLE = "console";

  private static final long BASE = 0x0902_0000;
  private static final int SPI = 3;

  /** For {@link java.util.ServiceLoader}. */
  public ConsoleControlProvider() {}

  @Override
  public String name() {
    return "console-control";
  }

  @Override
  public String description() {
    return "size of the console's terminal and end of its input; backend: " + CONSOLE;
  }

  @Override
  public List<PlatformDevice> create(DeviceContext context) {
    ConsoleBackend console = context.backend(CONSOLE, ConsoleBackend.class);
    if (console == null) {
      console = new HostConsole();
    }
    return List.of(new Device(new ConsoleControl(console, context.interrupt(SPI))));
  }

  private record Device(MmioDevice registers) implements PlatformDevice {
    @Override
    public String name() {
      return "console-control";
    }

    @Override
    public long base() {
      return BASE;
    }

    @Override
    public long size() {
      return ConsoleControlRegisters.REGISTERS_SIZE;
    }

    @Override
    public List<String> compatible() {
      return List.of("orrery,console-control");
    }

    @Override
    public int[] interrupts() {
      return new int[] {SPI};
    }
  }
}
