package orrery.kernel;

import java.util.List;
import orrery.kernel.block.BlockDisks;
import orrery.kernel.block.BlockServices;
import orrery.kernel.device.DeviceManager;
import orrery.kernel.device.DeviceNode;
import orrery.kernel.device.DriverServices;
import orrery.kernel.hw.DmaFrames;
import orrery.kernel.hw.DmaMemory;
import orrery.kernel.hw.InterruptController;
import orrery.kernel.log.KernelLog;
import orrery.kernel.memory.FrameAllocator;
import orrery.kernel.task.Scheduler;
import orrery.kernel.task.Signals;
import orrery.kernel.tty.DriverTerminals;
import orrery.machine.HostedPlatform;
import orrery.machine.fdt.DeviceTree;
import orrery.ownership.Census;
import orrery.ownership.Unsafe;

/**
 * Drivers in modules of their own, and the devices that they drive: nothing is made unless the
 * device tree has a device that the kernel does not drive itself.
 */
final class Drivers {
  private final Census census;
  private final KernelLog log;
  private DeviceManager manager;
  private BlockDisks disks;
  private List<Census.Survivor> leaks = List.of();

  Drivers(KernelLog log, Census census) {
    this.log = log;
    this.census = census;
  }

  /** Finds devices and binds their drivers. */
  @Unsafe("the allocator's frames lie in the platform's memory, and it hands out each of them once")
  void probe(
      DeviceTree tree,
      HostedPlatform platform,
      InterruptController interrupts,
      FrameAllocator frames,
      Scheduler scheduler,
      Signals signals) {
    if (!DeviceManager.hasWork(tree)) {
      return;
    }
    // SAFETY: see above
    DmaMemory dma =
        new DmaMemory(
            platform.ram(),
            frames.memory(),
            new DmaFrames() {
              @Override
              public long allocate(int count) {
                return frames.allocateRun(count);
              }

              @Override
              public void release(long frame) {
                frames.release(frame);
              }
            });
    disks = new BlockDisks(new BlockServices(frames, scheduler.timers(), platform.clock(), census));
    DriverServices services =
        new DriverServices(
            platform.bus(),
            platform.cpu(),
            platform.clock(),
            platform.dmaGuard(),
            interrupts,
            scheduler.timers(),
            dma,
            disks,
            log,
            census);
    manager =
        new DeviceManager(
            services, new DriverTerminals(signals, scheduler.timers(), platform.clock()));
    manager.probe(tree);
  }

  /** The files under /dev that drivers stand behind. */
  List<DeviceNode> nodes() {
    return manager == null ? List.of() : manager.nodes();
  }

  /** The disks of drivers; null if there is no device that could have any. */
  BlockDisks disks() {
    return disks;
  }

  /** Takes every device from its driver and says what was not closed. */
  void shutDown() {
    if (manager == null) {
      return;
    }
    leaks = manager.shutDown();
    if (leaks.isEmpty()) {
      log.line("all " + census.born() + " handles of drivers were closed");
    }
    for (Census.Survivor leak : leaks) {
      log.line(leak.toString());
    }
  }

  /** What was not closed by the time of the shutdown. */
  List<Census.Survivor> leaks() {
    return leaks;
  }
}
