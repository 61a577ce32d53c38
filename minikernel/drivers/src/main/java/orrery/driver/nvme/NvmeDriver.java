package orrery.driver.nvme;

import java.util.List;
import orrery.kernel.device.BoundDriver;
import orrery.kernel.device.PciDevice;
import orrery.kernel.device.PciDriver;
import orrery.kernel.device.PciId;
import orrery.kernel.hw.HardwareException;
import orrery.ownership.MaySleep;
import orrery.ownership.ProcessCtx;

/** Finds NVM Express I/O controllers (PCIe Transport, section 3.1.1). */
public final class NvmeDriver implements PciDriver {
  /** Mass storage, non-volatile memory, NVM Express I/O controller. */
  private static final int CLASS = 0x01_08_02;

  private static final int CLASS_MASK = 0xff_ff_ff;
  private static final int MAJOR = 241; // experimental use, as Linux's own is allocated at run time
  private static final int OWNER_READS_AND_WRITES = 0600;

  /** For {@link java.util.ServiceLoader}. */
  public NvmeDriver() {}

  @Override
  public String name() {
    return "nvme";
  }

  @Override
  public List<PciId> ids() {
    return List.of(PciId.ofClass(CLASS, CLASS_MASK));
  }

  @Override
  @MaySleep
  public BoundDriver probe(ProcessCtx ctx, PciDevice device) {
    int instance = device.instance("nvme");
    String name = "nvme" + instance;
    Controller controller = new Controller(device, name);
    try {
      controller.bringUp(ctx);
    } catch (NvmeException e) {
      controller.remove(ctx);
      throw new HardwareException(e.getMessage());
    }
    device.publish(name, MAJOR, instance, OWNER_READS_AND_WRITES);
    return controller;
  }
}
