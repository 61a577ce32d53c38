package orrery.kernel.sysfs;

import java.util.List;
import java.util.Map;
import orrery.kernel.block.ControllerEntry;
import orrery.kernel.block.DiskGeometry;
import orrery.kernel.device.DeviceNode;
import orrery.kernel.disk.Volume;
import orrery.kernel.disk.VolumeText;
import orrery.kernel.disk.Volumes;

/**
 * The part of /sys about disks, their partitions and controllers. Source: Linux {@code
 * Documentation/ABI/stable/sysfs-block}, {@code testing/sysfs-class-nvme}, and what a Linux with
 * the same disks shows.
 */
final class BlockTree {
  private static final int SECTOR_SHIFT = 9;
  private static final int KIB_SHIFT = 10;
  private static final int PAGE = 4096;

  private final SysDirectory root;
  private final Volumes volumes;
  private final List<DeviceNode> driven;

  BlockTree(SysDirectory root, Volumes volumes, List<DeviceNode> driven) {
    this.root = root;
    this.volumes = volumes;
    this.driven = driven;
  }

  void build() {
    int number = 0;
    for (ControllerEntry controller : volumes.controllers()) {
      controller(controller, number++);
    }
    for (Volume v : volumes.all()) {
      if (v.partition() == 0) {
        disk(v);
      } else {
        partition(v);
      }
    }
  }

  // ---- Controllers ----

  private static String place(ControllerEntry c) {
    return "devices/" + c.place() + "/" + c.kind() + "/" + c.name();
  }

  private void controller(ControllerEntry c, int number) {
    String place = place(c);
    SysDirectory d = root.folder(place);
    for (Map.Entry<String, String> a : c.attributes().entrySet()) {
      d.line(a.getKey(), a.getValue());
    }
    String address = c.place().substring(c.place().lastIndexOf('/') + 1);
    d.line("address", address);
    d.line("numa_node", "-1");
    d.link("device", "../../../" + address);
    d.link("subsystem", SysDirectory.up(place) + "class/" + c.kind());
    StringBuilder event = new StringBuilder();
    for (DeviceNode node : driven) {
      if (node.name().equals(c.name())) {
        String numbers = node.major() + ":" + node.minor();
        d.line("dev", numbers);
        root.folder("dev/char").link(numbers, "../../" + place);
        event.append("MAJOR=").append(node.major()).append("\nMINOR=").append(node.minor());
        event.append("\nDEVNAME=").append(node.name()).append('\n');
      }
    }
    String text = event.toString();
    d.text("uevent", (caller, to) -> to.append(text));
    root.folder("class/" + c.kind()).link(c.name(), "../../" + place);
    if (c.attributes().containsKey("subsysnqn")) {
      subsystem(c, place, number);
    }
  }

  /** An NVM subsystem of one controller. */
  private void subsystem(ControllerEntry c, String controller, int number) {
    String name = c.kind() + "-subsys" + number;
    String place = "devices/virtual/" + c.kind() + "-subsystem/" + name;
    SysDirectory d = root.folder(place);
    for (String attribute : List.of("model", "serial", "firmware_rev", "subsysnqn")) {
      d.line(attribute, c.attributes().getOrDefault(attribute, ""));
    }
    d.line("subsystype", "nvm");
    d.line("iopolicy", "numa");
    d.link(c.name(), SysDirectory.up(place) + controller);
    d.link("subsystem", SysDirectory.up(place) + "class/" + c.kind() + "-subsystem");
    root.folder("class/" + c.kind() + "-subsystem").link(name, "../../" + place);
  }

  // ---- Disks ----

  private void disk(Volume v) {
    String place = place(v.disk().controller()) + "/" + v.name();
    SysDirectory d = root.folder(place);
    common(d, v, place, "disk");
    for (Map.Entry<String, String> a : v.disk().attributes().entrySet()) {
      d.line(a.getKey(), a.getValue());
    }
    d.number("removable", 0);
    d.number("hidden", 0);
    d.number("range", 0);
    d.number("ext_range", 256);
    d.line("capability", "0");
    d.number("diskseq", v.sequence());
    d.folder("slaves");
    d.link("device", "../../" + v.disk().controller().name());
    root.folder("block").link(v.name(), "../" + place);
    queue(d.folder("queue"), v.queue().geometry());
  }

  private void partition(Volume v) {
    String place = place(v.disk().controller()) + "/" + v.disk().name() + "/" + v.name();
    SysDirectory d = root.folder(place);
    common(d, v, place, "partition");
    d.number("partition", v.partition());
    d.number("start", v.start() >>> SECTOR_SHIFT);
  }

  private void common(SysDirectory d, Volume v, String place, String kind) {
    String numbers = Volumes.MAJOR + ":" + v.minor();
    d.line("dev", numbers);
    d.text("size", (c, to) -> to.append(v.size() >>> SECTOR_SHIFT).append('\n'));
    d.number("ro", v.isReadOnly() ? 1 : 0);
    d.number("alignment_offset", 0);
    d.number("discard_alignment", 0);
    d.text("stat", (c, to) -> VolumeText.statistics(v, to));
    d.text(
        "inflight",
        (c, to) -> to.append("0 ").append(v.queue().statistics().underWay()).append('\n'));
    d.folder("holders");
    d.link("subsystem", SysDirectory.up(place) + "class/block");
    d.text(
        "uevent",
        (c, to) -> {
          to.append("MAJOR=").append(Volumes.MAJOR).append("\nMINOR=").append(v.minor());
          to.append("\nDEVNAME=").append(v.name()).append("\nDEVTYPE=").append(kind);
          to.append("\nDISKSEQ=").append(v.sequence()).append('\n');
          if (v.partition() != 0) {
            to.append("PARTN=").append(v.partition()).append('\n');
            to.append("PARTNAME=").append(v.description().label()).append('\n');
            to.append("PARTUUID=").append(v.description().id()).append('\n');
          }
        });
    root.folder("class/block").link(v.name(), "../../" + place);
    root.folder("dev/block").link(numbers, "../../" + place);
  }

  private static void queue(SysDirectory q, DiskGeometry g) {
    long transferKib = g.maxTransfer() >>> KIB_SHIFT;
    long discard = g.maxDiscard() * g.blockSize();
    q.number("logical_block_size", g.blockSize());
    q.number("hw_sector_size", g.blockSize());
    q.number("physical_block_size", g.physicalBlockSize());
    q.number("minimum_io_size", g.physicalBlockSize());
    q.number("optimal_io_size", g.optimalTransfer());
    q.number("max_sectors_kb", transferKib);
    q.number("max_hw_sectors_kb", transferKib);
    q.number("max_segments", g.maxTransfer() / PAGE + 1);
    q.number("max_segment_size", PAGE);
    q.number("max_integrity_segments", 0);
    q.number("virt_boundary_mask", PAGE - 1);
    q.number("dma_alignment", 3);
    q.number("rotational", 0);
    q.line("scheduler", "[none]");
    q.number("nr_requests", g.queueDepth());
    q.number("read_ahead_kb", 128);
    q.number("nomerges", 0);
    q.number("rq_affinity", 0);
    q.number("io_poll", 1);
    q.number("io_poll_delay", 0);
    q.number("io_timeout", 30000);
    q.number("iostats", 1);
    q.number("add_random", 0);
    q.line("write_cache", g.volatileCache() ? "write back" : "write through");
    q.number("fua", g.volatileCache() && g.forceUnitAccess() ? 1 : 0);
    q.number("discard_granularity", discard == 0 ? 0 : g.discardGranularity());
    q.number("discard_max_bytes", discard);
    q.number("discard_max_hw_bytes", discard);
    q.number("discard_zeroes_data", 0);
    q.number("write_same_max_bytes", 0);
    q.number("write_zeroes_max_bytes", g.maxWriteZeroes() * g.blockSize());
    q.number("zone_append_max_bytes", 0);
    q.number("zone_write_granularity", 0);
    q.line("zoned", "none");
    q.number("nr_zones", 0);
    q.number("chunk_sectors", 0);
    q.number("dax", 0);
    q.number("stable_writes", 0);
  }
}
