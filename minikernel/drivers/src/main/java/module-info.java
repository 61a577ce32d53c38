import orrery.kernel.device.PciDriver;
import orrery.kernel.device.PlatformDriver;

/**
 * The mini-kernel's drivers: each owns its buffers, rings and registers by type, and none touches
 * raw memory. The kernel finds them by {@link java.util.ServiceLoader}.
 */
module orrery.drivers {
  requires orrery.kernel;
  requires orrery.ownership;

  provides PciDriver with
      orrery.driver.nvme.NvmeDriver,
      orrery.driver.virtio.VirtioConsoleDriver,
      orrery.driver.virtio.VirtioRngDriver;
  provides PlatformDriver with
      orrery.driver.sample.CounterDriver;
}
