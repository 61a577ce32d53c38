package orrery.cli.guest;

import java.util.ArrayList;
import java.util.List;
import orrery.machine.DeviceContext;
import orrery.machine.DeviceProvider;
import orrery.machine.PlatformDevice;
import orrery.machine.Providers;
import orrery.machine.bus.MmioDevice;
import orrery.machine.irq.InterruptLine;

/** The sample driver's device: counts to its limit at once and interrupts. */
final class CounterModel implements DeviceProvider {
  private static final long BASE = 0x0a00_0000;
  private static final long SIZE = 0x1000;
  private static final int SPI = 40;
  private static final int VALUE = 0x0;
  private static final int LIMIT = 0x4;
  private static final int STATUS = 0x8;

  /** The devices of every machine, and a counter. */
  static List<DeviceProvider> besideTheOthers() {
    List<DeviceProvider> all = new ArrayList<>();
    Providers.of(DeviceProvider.class).forEach(all::add);
    all.add(new CounterModel());
    return all;
  }

  @Override
  public String name() {
    return "counter";
  }

  @Override
  public String description() {
    return "a counter";
  }

  @Override
  public List<PlatformDevice> create(DeviceContext context) {
    return List.of(new Counter(new Registers(context.interrupt(SPI))));
  }

  private static final class Registers implements MmioDevice {
    private final InterruptLine line;
    private int limit;
    private int status;

    Registers(InterruptLine line) {
      this.line = line;
    }

    @Override
    public int widths() {
      return Integer.BYTES;
    }

    @Override
    public long read(long offset, int width) {
      return switch ((int) offset) {
        case VALUE, LIMIT -> limit; // it has counted before anybody looks
        case STATUS -> status;
        default -> 0;
      };
    }

    @Override
    public void write(long offset, int width, long value) {
      if (offset == LIMIT) {
        limit = (int) value;
        status = 1;
        line.raise();
      } else if (offset == STATUS && (value & 1) != 0) {
        status = 0;
        line.lower();
      }
    }
  }

  private record Counter(MmioDevice registers) implements PlatformDevice {
    @Override
    public String name() {
      return "counter";
    }

    @Override
    public long base() {
      return BASE;
    }

    @Override
    public long size() {
      return SIZE;
    }

    @Override
    public List<String> compatible() {
      return List.of("orrery,counter");
    }

    @Override
    public int[] interrupts() {
      return new int[] {SPI};
    }
  }
}
