package orrery.device.rtc;

import java.util.List;
import orrery.machine.DeviceContext;
import orrery.machine.DeviceProvider;
import orrery.machine.PlatformDevice;
import orrery.machine.bus.MmioDevice;
import orrery.machine.clock.AlarmThread;
import orrery.machine.clock.MachineClock;

/** Gives every machine its real-time clock. */
public final class Pl031Provider implements DeviceProvider {
  private static final long BASE = 0x0901_0000;
  private static final int SPI = 2;

  /** For {@link java.util.ServiceLoader}. */
  public Pl031Provider() {}

  @Override
  public String name() {
    return "pl031";
  }

  @Override
  public String description() {
    return "real-time clock (Arm PL031)";
  }

  @Override
  public List<PlatformDevice> create(DeviceContext context) {
    MachineClock clock = context.clock();
    return List.of(
        new Device(
            new Pl031(
                clock::realtimeNanos,
                clock::nanos,
                expired -> new AlarmThread("orrery-rtc-alarm", clock::nanos, expired),
                context.interrupt(SPI))));
  }

  private record Device(Pl031 clock) implements PlatformDevice {
    @Override
    public MmioDevice registers() {
      return clock;
    }

    @Override
    public void powerOff(long deadline) {
      clock.close();
    }

    @Override
    public String name() {
      return "rtc";
    }

    @Override
    public long base() {
      return BASE;
    }

    @Override
    public long size() {
      return Pl031Registers.REGISTERS_SIZE;
    }

    @Override
    public List<String> compatible() {
      return List.of("arm,pl031", "arm,primecell");
    }

    @Override
    public int[] interrupts() {
      return new int[] {SPI};
    }

    @Override
    public List<String> clocks() {
      return List.of("apb_pclk");
    }
  }
}
