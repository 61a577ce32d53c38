package orrery.kernel;

import java.util.List;
import orrery.kernel.abi.FileMode;
import orrery.kernel.dev.Devices;
import orrery.kernel.device.DeviceNode;
import orrery.kernel.device.PciEntry;
import orrery.kernel.disk.Volumes;
import orrery.kernel.fs.Directory;
import orrery.kernel.fs.FileSystem;
import orrery.kernel.fs.Location;
import orrery.kernel.fs.Mounts;
import orrery.kernel.fs.Vfs;
import orrery.kernel.fs.tmpfs.Tmpfs;
import orrery.kernel.fs.tmpfs.TmpfsOptions;
import orrery.kernel.proc.ProcContext;
import orrery.kernel.proc.ProcFileSystem;
import orrery.kernel.sysfs.SysFileSystem;
import orrery.kernel.task.Task;
import orrery.kernel.tty.PseudoTerminals;

/** The folders that programs expect besides their own files: /proc, /sys, /dev, /dev/pts, /tmp. */
final class RootTree {
  private static final int FOLDER = FileMode.S_IFDIR | 0755;
  private static final int STICKY_FOLDER = FileMode.S_IFDIR | 01777;

  private final Vfs vfs;
  private final Devices devices;
  private final PseudoTerminals pseudoTerminals;
  private final Volumes volumes;
  private final List<DeviceNode> driven;
  private final List<PciEntry> functions;
  private final ProcContext proc;

  /**
   * @param volumes block devices; null if there can be none
   * @param driven files that drivers stand behind
   * @param functions what is on the PCI bus
   */
  RootTree(
      Vfs vfs,
      Devices devices,
      PseudoTerminals pseudoTerminals,
      Volumes volumes,
      List<DeviceNode> driven,
      List<PciEntry> functions,
      ProcContext proc) {
    this.functions = functions;
    this.driven = driven;
    this.volumes = volumes;
    this.vfs = vfs;
    this.devices = devices;
    this.pseudoTerminals = pseudoTerminals;
    this.proc = proc;
  }

  /** Makes what is missing and mounts; {@code init} is the super-user. */
  void mount(Task init) {
    Mounts mounts = vfs.mounts();
    ProcFileSystem processFiles = new ProcFileSystem(proc);
    mounts.registerType("tmpfs", options -> new Tmpfs(vfs, "tmpfs", TmpfsOptions.parse(options)));
    mounts.registerType("proc", options -> processFiles);
    SysFileSystem system = new SysFileSystem(vfs.clock(), volumes, driven, functions);
    mounts.registerType("sysfs", options -> system);
    mounts.registerType("devpts", options -> pseudoTerminals.files());

    folder(init, "proc", FOLDER);
    folder(init, "dev", FOLDER);
    folder(init, "sys", FOLDER);
    folder(init, "tmp", STICKY_FOLDER);
    mount(init, processFiles, "proc", "/proc");
    mount(init, system, "sysfs", "/sys");
    Tmpfs nodes = new Tmpfs(vfs, "devtmpfs");
    mount(init, nodes, "devtmpfs", "/dev");
    devices.register(vfs.devices());
    devices.populate(init, nodes.root());
    if (volumes != null) {
      volumes.attach(vfs, nodes.root(), init);
    }
    mount(init, pseudoTerminals.files(), "devpts", "/dev/pts");
  }

  private void folder(Task init, String name, int mode) {
    Directory root = vfs.mounts().root().directory();
    if (root.find(init, name) == null) {
      root.create(init, name, mode, 0);
    }
  }

  private void mount(Task init, FileSystem fs, String source, String path) {
    Location place = vfs.find(init, init.fs(), path);
    vfs.mounts().mount(fs, source, place, 0);
  }
}
