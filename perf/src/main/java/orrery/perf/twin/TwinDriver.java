package orrery.perf.twin;

import java.util.List;
import java.util.Map;
import orrery.kernel.block.Disk;
import orrery.kernel.block.DiskController;
import orrery.kernel.block.DiskGeometry;
import orrery.kernel.device.BoundDriver;
import orrery.kernel.device.PciDevice;
import orrery.kernel.device.PciDriver;
import orrery.kernel.device.PciId;
import orrery.kernel.hw.HardwareException;
import orrery.machine.HostedPlatform;
import orrery.machine.bus.BusRange;
import orrery.ownership.OutOfRangeException;
import orrery.ownership.ProcessCtx;

/**
 * Takes the NVMe controllers of a benchmark's machine instead of the typed driver, if {@link
 * #takeOver} said so before; found first, because benchmarks are first on the class path.
 */
public final class TwinDriver implements PciDriver {
  private static final int CLASS = 0x01_08_02;
  private static final int CLASS_MASK = 0xff_ff_ff;
  private static final int BAR_LOW = 0x10;
  private static final int BAR_HIGH = 0x14;
  private static final int BAR_FLAGS = 0xf;
  private static final int BAR_SIZE = 0x2000;
  private static final long UNSIGNED = 0xffff_ffffL;

  private static HostedPlatform platform;
  private static Kind kind = Kind.TYPED;

  /** Whose driver is measured. */
  public enum Kind {
    /** The real one. */
    TYPED,
    /** The same on raw memory. */
    RAW,
    /** None: requests end at once, so that what is left is the block layer. */
    NONE
  }

  /** For {@link java.util.ServiceLoader}. */
  public TwinDriver() {}

  /** Says who drives the controllers of the machine that starts next. */
  public static void takeOver(Kind who, HostedPlatform where) {
    kind = who;
    platform = where;
  }

  @Override
  public String name() {
    return "nvme-twin";
  }

  @Override
  public List<PciId> ids() {
    return kind == Kind.TYPED ? List.of() : List.of(PciId.ofClass(CLASS, CLASS_MASK));
  }

  @Override
  public BoundDriver probe(ProcessCtx ctx, PciDevice device) {
    DiskController controller = device.disks("nvme", "nvme0");
    if (kind == Kind.NONE) {
      return new NoDriver(controller, publish(controller, 1L << 20));
    }
    try {
      long low = device.tryConfig(BAR_LOW, Integer.BYTES) & UNSIGNED & ~BAR_FLAGS;
      long base = low | (long) device.tryConfig(BAR_HIGH, Integer.BYTES) << Integer.SIZE;
      BusRange registers = platform.bus().range(base, BAR_SIZE);
      RawDriver driver = new RawDriver(device, platform.ram(), registers, controller);
      driver.published(publish(controller, driver.blocks()));
      return driver;
    } catch (OutOfRangeException e) {
      throw new HardwareException(e.getMessage());
    }
  }

  private static Disk publish(DiskController controller, long blocks) {
    DiskGeometry geometry =
        DiskGeometry.of(RawDriver.PAGE, blocks)
            .withQueue(2 * RawDriver.PAGE, RawDriver.SUBMISSIONS - 1);
    return controller.publish("nvme0n1", 1, geometry, Map.of());
  }
}
