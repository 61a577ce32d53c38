package orrery.kernel.device;

import java.util.List;
import orrery.kernel.hw.HardwareException;
import orrery.ownership.MaySleep;
import orrery.ownership.ProcessCtx;

/** A driver for devices of the device tree; found by {@link java.util.ServiceLoader}. */
public interface PlatformDriver {
  /** Its name. */
  String name();

  /** The device tree's names ({@code compatible}) of what it drives. */
  List<String> compatible();

  /**
   * Takes a device over.
   *
   * @param device borrowed: the driver keeps what it takes from it
   * @throws HardwareException if the device is not as it must be; what was taken is revoked
   */
  @MaySleep
  BoundDriver probe(ProcessCtx ctx, PlatformDevice device);
}
