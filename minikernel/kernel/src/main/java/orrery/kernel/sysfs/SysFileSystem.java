package orrery.kernel.sysfs;

import java.util.List;
import orrery.kernel.device.DeviceNode;
import orrery.kernel.device.PciEntry;
import orrery.kernel.disk.Volumes;
import orrery.kernel.fs.Directory;
import orrery.kernel.fs.Entry;
import orrery.kernel.fs.FileClock;
import orrery.kernel.fs.FileSystem;
import orrery.kernel.wait.Caller;

/** The file system itself: made when somebody looks, and anew when disks have come or gone. */
public final class SysFileSystem extends FileSystem {
  /** SYSFS_MAGIC of Linux {@code include/uapi/linux/magic.h}. */
  private static final long MAGIC = 0x62656572;

  private final Volumes volumes;
  private final List<DeviceNode> driven;
  private final List<PciEntry> functions;
  private final SysDirectory root;
  private long made = -1;

  /**
   * @param volumes block devices; null if there can be none
   * @param driven files that drivers stand behind
   * @param functions what is on the PCI bus
   */
  public SysFileSystem(
      FileClock clock, Volumes volumes, List<DeviceNode> driven, List<PciEntry> functions) {
    super("sysfs", MAGIC, clock);
    this.functions = functions;
    this.volumes = volumes;
    this.driven = driven;
    root = new Root();
  }

  private final class Root extends SysDirectory {
    Root() {
      super(SysFileSystem.this);
    }

    @Override
    public Entry find(Caller c, String name) {
      refresh();
      return super.find(c, name);
    }

    @Override
    public void list(Caller c, long position, Listing to) {
      refresh();
      super.list(c, position, to);
    }
  }

  private void refresh() {
    long now = volumes == null ? 0 : volumes.changes();
    if (made == now) {
      return;
    }
    made = now;
    root.clear();
    for (String folder :
        List.of("block", "bus", "class", "dev/block", "dev/char", "fs", "kernel")) {
      root.folder(folder);
    }
    SysDirectory processors = root.folder("devices/system/cpu");
    for (String list : List.of("online", "possible", "present")) {
      processors.line(list, "0");
    }
    processors.folder("cpu0");
    for (PciEntry function : functions) {
      new PciTree(this, root, function).build();
    }
    if (volumes != null) {
      new BlockTree(root, volumes, driven).build();
    }
  }

  @Override
  public Directory root() {
    return root;
  }

  long newNumber() {
    return nextNumber();
  }
}
