package orrery.kernel.block;

import java.util.ArrayList;
import java.util.List;

/** All disks, and who is told when one comes or goes. The vCPU's thread. */
public final class BlockDisks {
  private final BlockServices services;
  private final List<ControllerEntry> controllers = new ArrayList<>();
  private final List<DiskEntry> disks = new ArrayList<>();
  private Watcher watcher;
  private long changes;

  /** The room above: files, partitions, caches. */
  public interface Watcher {
    /** A disk was published. In any context. */
    void added(DiskEntry disk);

    /** A disk has another size. In any context. */
    void resized(DiskEntry disk);

    /** A disk is gone. In any context. */
    void removed(DiskEntry disk);
  }

  /** No disks yet. */
  public BlockDisks(BlockServices services) {
    this.services = services;
  }

  /** What the block layer stands on. */
  public BlockServices services() {
    return services;
  }

  /** Tells {@code who} from now on, and at once of the disks that there are. */
  public void watch(Watcher who) {
    watcher = who;
    for (DiskEntry disk : List.copyOf(disks)) {
      who.added(disk);
    }
  }

  /** How often a controller has come or gone, or says something else of itself. */
  public long changes() {
    return changes;
  }

  void changed() {
    changes++;
  }

  /** The controllers, in the order in which they came. */
  public List<ControllerEntry> controllers() {
    return controllers;
  }

  /** The disks, in the order in which they came. */
  public List<DiskEntry> disks() {
    return disks;
  }

  void add(ControllerEntry controller) {
    controllers.add(controller);
    changes++;
  }

  void remove(ControllerEntry controller) {
    controllers.remove(controller);
    changes++;
  }

  void add(DiskEntry disk) {
    disks.add(disk);
    if (watcher != null) {
      watcher.added(disk);
    }
  }

  void resized(DiskEntry disk) {
    if (watcher != null) {
      watcher.resized(disk);
    }
  }

  void remove(DiskEntry disk) {
    disks.remove(disk);
    if (watcher != null) {
      watcher.removed(disk);
    }
  }
}
