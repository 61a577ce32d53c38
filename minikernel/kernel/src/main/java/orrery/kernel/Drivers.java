package orrery.kernel;

import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import orrery.kernel.block.BlockDisks;
import orrery.kernel.block.BlockServices;
import orrery.kernel.device.DeviceManager;
import orrery.kernel.device.DeviceNode;
import orrery.kernel.device.DriverServices;
import orrery.kernel.device.PciEntry;
import orrery.kernel.disk.PlaceWaiter;
import orrery.kernel.disk.Volumes;
import orrery.kernel.hw.DmaFrames;
import orrery.kernel.hw.DmaMemory;
import orrery.kernel.hw.InterruptController;
import orrery.kernel.log.KernelLog;
import orrery.kernel.memory.FrameAllocator;
import orrery.kernel.task.Scheduler;
import orrery.kernel.task.Signals;
import orrery.kernel.tty.DriverTerminals;
import orrery.kernel.wait.TimerQueue;
import orrery.machine.HostedPlatform;
import orrery.machine.clock.MachineClock;
import orrery.machine.fdt.DeviceTree;
import orrery.ownership.Census;
import orrery.ownership.Unsafe;

/**
 * Drivers in modules of their own, and the devices that they drive: nothing is made unless the
 * device tree has a device that the kernel does not drive itself.
 */
final class Drivers {
  /** What a disk may take for a transfer before it is given up for lost. */
  private static final long LONGEST_WAIT_NANOS = 60_000_000_000L;

  private final Census census;
  private final KernelLog log;
  private DeviceManager manager;
  private BlockDisks disks;
  private Volumes volumes;
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

  /** The functions of the PCI bus. */
  List<PciEntry> functions() {
    return manager == null ? List.of() : manager.functions();
  }

  /** Tells {@code who} from now on of files under /dev whose device is gone. */
  void onWithdrawal(Consumer<DeviceNode> who) {
    if (manager != null) {
      manager.onWithdrawal(who);
    }
  }

  /** The disks of drivers; null if there is no device that could have any. */
  BlockDisks disks() {
    return disks;
  }

  /**
   * The block devices of drivers' disks; null if there is no device that could have any.
   *
   * @param zeroFrame a frame of zeros
   */
  Volumes volumes(Scheduler scheduler, FrameAllocator frames, long zeroFrame) {
    if (manager == null) {
      return null;
    }
    volumes =
        new Volumes(
            disks,
            new PlaceWaiter() {
              @Override
              public FrameAllocator frames() {
                return frames;
              }

              @Override
              public TimerQueue timers() {
                return scheduler.timers();
              }

              @Override
              public MachineClock clock() {
                return scheduler.clock();
              }

              @Override
              public long zeroFrame() {
                return zeroFrame;
              }

              @Override
              public void log(String line) {
                log.line(line);
              }

              @Override
              public boolean until(BooleanSupplier done) {
                return manager.waitInPlace(done, LONGEST_WAIT_NANOS);
              }
            });
    return volumes;
  }

  /** Takes every device from its driver and says what was not closed. */
  void shutDown() {
    if (manager == null) {
      return;
    }
    if (volumes != null) {
      volumes.shutDown();
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
