package orrery.perf.twin;

import java.util.List;
import orrery.machine.pci.PciContext;
import orrery.machine.pci.PciDevice;
import orrery.machine.pci.PciDeviceProvider;

/** Makes a {@link BareController} for a machine that asks for one. */
public final class BareControllerProvider implements PciDeviceProvider {
  /** The backend that asks for it: the number of its blocks of 4 KiB. */
  public static final String BLOCKS = "bare-nvme";

  /** For {@link java.util.ServiceLoader}. */
  public BareControllerProvider() {}

  @Override
  public String name() {
    return BLOCKS;
  }

  @Override
  public String description() {
    return "an NVMe controller that moves no data, for benchmarks";
  }

  @Override
  public List<PciDevice> create(PciContext context) {
    Long blocks = context.backend(BLOCKS, Long.class);
    return blocks == null ? List.of() : List.of(new BareController(blocks));
  }
}
