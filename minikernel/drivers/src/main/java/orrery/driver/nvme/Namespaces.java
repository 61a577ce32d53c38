package orrery.driver.nvme;

import java.util.LinkedHashMap;
import java.util.Map;
import orrery.kernel.block.Disk;
import orrery.kernel.block.DiskController;
import orrery.kernel.block.DiskGeometry;
import orrery.kernel.device.DeviceLog;
import orrery.kernel.hw.CpuBuffer;
import orrery.ownership.MaySleep;
import orrery.ownership.Move;
import orrery.ownership.Nullable;
import orrery.ownership.Owned;
import orrery.ownership.ProcessCtx;
import orrery.ownership.SlotArray;

/** The namespaces of a controller, each of which is a disk. */
@Owned
final class Namespaces {
  /** As many as the driver shows. */
  private static final int MOST = 256;

  private static final int IDENTIFY_NAMESPACE = 0x00;
  private static final int IDENTIFY_ACTIVE = 0x02;
  private static final int LIST_ENTRIES = AdminQueue.PAGE / Integer.BYTES;

  /** Blocks of a range of Dataset Management. */
  private static final long MAX_DISCARD = 0xffff_ffffL;

  private final DiskController controller;
  private final String name;
  private final DeviceLog log;
  private final SlotArray<Disk> disks = new SlotArray<>(MOST);
  private final int[] ids = new int[MOST];
  private final NamespaceIdentity[] identities = new NamespaceIdentity[MOST];

  /**
   * No namespaces yet.
   *
   * @param name the controller's
   */
  Namespaces(@Move DiskController controller, String name, DeviceLog log) {
    this.controller = controller;
    this.name = name;
    this.log = log;
  }

  /** Says in /sys what the controller is. */
  void describe(ControllerIdentity identity) {
    controller.attribute("model", identity.model());
    controller.attribute("serial", identity.serial());
    controller.attribute("firmware_rev", identity.firmware());
    controller.attribute("cntlid", Integer.toString(identity.id()));
    controller.attribute("subsysnqn", identity.name());
    controller.attribute("transport", "pcie");
    controller.attribute("state", "live");
  }

  /** The block size of a namespace as a power of two; 0 if there is none of that number. */
  int blockShift(int id) {
    for (int i = 0; i < MOST; i++) {
      if (!disks.isEmpty(i) && ids[i] == id) {
        return identities[i].blockShift();
      }
    }
    return 0;
  }

  /** How many there are. */
  int count() {
    return disks.count();
  }

  /** The number of the first one; 0 if there is none. */
  int first() {
    for (int i = 0; i < MOST; i++) {
      if (!disks.isEmpty(i)) {
        return ids[i];
      }
    }
    return 0;
  }

  /**
   * Asks the controller for its namespaces, and shows what is new and hides what is gone.
   *
   * @param depth requests of a disk at once
   */
  @MaySleep
  void scan(ProcessCtx ctx, AdminQueue admin, ControllerIdentity identity, int depth)
      throws NvmeException {
    int[] active = new int[MOST];
    int count = activeList(ctx, admin, active);
    for (int i = 0; i < MOST; i++) {
      if (!disks.isEmpty(i) && !contains(active, count, ids[i])) {
        close(disks.take(i));
      }
    }
    for (int i = 0; i < count; i++) {
      try {
        admin.identify(ctx, IDENTIFY_NAMESPACE, active[i]);
        show(active[i], NamespaceIdentity.of(admin.page()), identity, depth);
      } catch (NvmeException e) {
        log.line("namespace " + active[i] + ": " + e.getMessage());
        if (admin.isStuck()) {
          throw e;
        }
      }
    }
  }

  /** The numbers of all namespaces, ascending. */
  @MaySleep
  private int activeList(ProcessCtx ctx, AdminQueue admin, int[] to) throws NvmeException {
    int last = 0;
    int count = 0;
    while (true) {
      admin.identify(ctx, IDENTIFY_ACTIVE, last);
      CpuBuffer page = admin.page();
      for (int i = 0; i < LIST_ENTRIES; i++) {
        int id = page.readInt(i * Integer.BYTES);
        // Zero ends the list; numbers that do not ascend, or are no positive int, cannot be.
        if (id <= last || count == MOST) {
          return count;
        }
        to[count++] = id;
        last = id;
      }
    }
  }

  private static boolean contains(int[] list, int count, int id) {
    for (int i = 0; i < count; i++) {
      if (list[i] == id) {
        return true;
      }
    }
    return false;
  }

  private void show(int id, NamespaceIdentity found, ControllerIdentity identity, int depth) {
    int free = -1;
    for (int i = MOST - 1; i >= 0; i--) {
      if (disks.isEmpty(i)) {
        free = i;
      } else if (ids[i] == id) {
        if (!found.equals(identities[i])) {
          identities[i] = found;
          disks.get(i).resize(geometry(found, identity, depth));
        }
        return;
      }
    }
    if (free >= 0) {
      ids[free] = id;
      identities[free] = found;
      disks.put(
          free,
          controller.publish(
              name + "n" + id, id, geometry(found, identity, depth), attributes(id, found)));
    }
  }

  private static DiskGeometry geometry(
      NamespaceIdentity namespace, ControllerIdentity identity, int depth) {
    int blockSize = 1 << namespace.blockShift();
    DiskGeometry geometry =
        DiskGeometry.of(blockSize, namespace.blocks()).withQueue(identity.maxTransfer(), depth);
    geometry = identity.volatileCache() ? geometry.withVolatileCache(true) : geometry;
    geometry = namespace.readOnly() ? geometry.asReadOnly() : geometry;
    geometry = identity.discards() ? geometry.withDiscard(MAX_DISCARD, blockSize) : geometry;
    return identity.zeroes()
        ? geometry.withWriteZeroes(identity.maxTransfer() >>> namespace.blockShift())
        : geometry;
  }

  private static Map<String, String> attributes(int id, NamespaceIdentity namespace) {
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put("nsid", Integer.toString(id));
    if (!namespace.nguid().isEmpty()) {
      attributes.put("nguid", namespace.nguid());
    }
    if (!namespace.eui64().isEmpty()) {
      attributes.put("eui", namespace.eui64());
      attributes.put("wwid", "eui." + namespace.eui64());
    }
    return attributes;
  }

  /** Hides all of them, and the controller. */
  void removeAll() {
    disks.drain(disk -> disk.close());
    controller.hide();
  }

  private static void close(@Move @Nullable Disk disk) {
    if (disk != null) {
      disk.close();
    }
  }

  /** Ends all of them. */
  @Move
  void close() {
    disks.drain(disk -> disk.close());
    disks.close();
    controller.close();
  }
}
