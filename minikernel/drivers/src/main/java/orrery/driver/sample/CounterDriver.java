package orrery.driver.sample;

import java.util.List;
import orrery.kernel.device.BoundDriver;
import orrery.kernel.device.PlatformDevice;
import orrery.kernel.device.PlatformDriver;
import orrery.ownership.MaySleep;
import orrery.ownership.ProcessCtx;

/** Finds counters in the device tree. */
public final class CounterDriver implements PlatformDriver {
  private static final int MAJOR = 240;
  private static final int OWNER_READS = 0400;

  /** For {@link java.util.ServiceLoader}. */
  public CounterDriver() {}

  @Override
  public String name() {
    return "counter";
  }

  @Override
  public List<String> compatible() {
    return List.of("orrery,counter");
  }

  @Override
  @MaySleep
  public BoundDriver probe(ProcessCtx ctx, PlatformDevice device) {
    device.publish("counter", MAJOR, 0, OWNER_READS);
    return new Counter(device.map(0, CounterRegisters.BLOCK), device.interrupts(1));
  }
}
