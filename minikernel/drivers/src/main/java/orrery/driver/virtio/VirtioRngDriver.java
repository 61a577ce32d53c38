package orrery.driver.virtio;

import java.util.List;
import orrery.kernel.device.BoundDriver;
import orrery.kernel.device.PciDevice;
import orrery.kernel.device.PciDriver;
import orrery.kernel.device.PciId;
import orrery.ownership.MaySleep;
import orrery.ownership.ProcessCtx;

/** Finds entropy sources (5.4). */
public final class VirtioRngDriver implements PciDriver {
  private static final int RED_HAT = 0x1af4;

  /** 0x1040 and the device's ID (4.1.2). */
  private static final int ENTROPY = 0x1044;

  // Linux: Documentation/admin-guide/devices.txt, hwrng.
  private static final int MISC_MAJOR = 10;
  private static final int HWRNG_MINOR = 183;
  private static final int OWNER_READS = 0400;

  /** For {@link java.util.ServiceLoader}. */
  public VirtioRngDriver() {}

  @Override
  public String name() {
    return "virtio-rng";
  }

  @Override
  public List<PciId> ids() {
    return List.of(PciId.of(RED_HAT, ENTROPY));
  }

  @Override
  @MaySleep
  public BoundDriver probe(ProcessCtx ctx, PciDevice device) {
    Transport transport = Transport.open(device, 0, 1);
    Virtqueue queue = transport.queue(device, 0, EntropySource.BUFFERS);
    transport.start();
    device.publish("hwrng", MISC_MAJOR, HWRNG_MINOR, OWNER_READS);
    return new EntropySource(transport, queue);
  }
}
