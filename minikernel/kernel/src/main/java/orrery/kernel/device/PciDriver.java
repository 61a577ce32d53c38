package orrery.kernel.device;

import java.util.List;
import orrery.kernel.hw.HardwareException;
import orrery.ownership.MaySleep;
import orrery.ownership.ProcessCtx;

/** A driver for PCI functions; found by {@link java.util.ServiceLoader}. */
public interface PciDriver {
  /** Its name, such as {@code virtio-rng}. */
  String name();

  /** The functions it drives. */
  List<PciId> ids();

  /**
   * Takes a device over. It answers and may use the bus, but has been lent no memory.
   *
   * @param device borrowed: the driver keeps what it takes from it
   * @throws HardwareException if the device is not as it must be; what was taken is revoked
   */
  @MaySleep
  BoundDriver probe(ProcessCtx ctx, PciDevice device);
}
