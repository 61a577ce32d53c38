package orrery.kernel.block;

import java.util.LinkedHashMap;
import java.util.Map;
import orrery.kernel.device.Driven;
import orrery.kernel.device.DriverCalls;
import orrery.kernel.hw.Resource;
import orrery.kernel.hw.Resources;
import orrery.machine.dma.DmaWindows;
import orrery.ownership.Move;
import orrery.ownership.Owned;
import orrery.ownership.OwnershipException;
import orrery.ownership.Unsafe;

/**
 * The right of one device to publish disks, and what {@code /sys} says of it ({@code
 * /sys/class/nvme/nvme0}).
 */
@Owned
@Unsafe("revoked() takes the entry out of the registry and clears live")
public final class DiskController extends Resource {
  private final Resources resources;
  private final BlockDisks registry;
  private final Driven driven;
  private final DriverCalls calls;
  private final DmaWindows windows;
  private final ControllerEntry entry;
  private boolean live = true;

  /**
   * The right of one device.
   *
   * @param windows what the guard knows of the device
   * @param kind its class
   * @param name its name in the class
   * @param place where it stands in /sys/devices
   */
  @SuppressWarnings("exports") // for the kernel itself, not for drivers
  public DiskController(
      Resources resources,
      BlockDisks registry,
      Driven driven,
      DriverCalls calls,
      DmaWindows windows,
      String kind,
      String name,
      String place) {
    // SAFETY: see above
    super(resources);
    this.resources = resources;
    this.registry = registry;
    this.driven = driven;
    this.calls = calls;
    this.windows = windows;
    this.entry = new ControllerEntry(kind, name, place);
    registry.add(entry);
  }

  /** Says something about the controller: a file of that name in its folder of /sys. */
  public void attribute(String name, String value) {
    requireUsable();
    entry.attributes().put(name, value);
    registry.changed();
  }

  /**
   * Publishes a disk under /dev and in /sys/block.
   *
   * @param name such as "nvme0n1"
   * @param number what requests of it are marked with ({@link BlockRequest#disk})
   * @param attributes what /sys says of it besides what all disks have
   */
  public Disk publish(
      String name, int number, DiskGeometry geometry, Map<String, String> attributes) {
    requireUsable();
    RequestQueue queue =
        new RequestQueue(driven, calls, registry.services(), windows, number, geometry);
    DiskEntry disk = new DiskEntry(name, entry, driven, queue, new LinkedHashMap<>(attributes));
    return new Disk(resources, registry, disk);
  }

  /** The controller is gone for good: /sys says nothing of it any more. */
  public void hide() {
    requireUsable();
    registry.remove(entry);
  }

  /** Ends the right; its disks are to be closed before. */
  @Move
  public void close() {
    requireUsable();
    revoked();
  }

  @Override
  protected void revoked() {
    live = false;
    registry.remove(entry);
    end();
  }

  private void requireUsable() {
    if (!live) {
      throw new OwnershipException(this + " is used after it was closed or revoked");
    }
  }
}
