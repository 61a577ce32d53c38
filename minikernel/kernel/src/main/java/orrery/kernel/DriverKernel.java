package orrery.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import orrery.kernel.block.DiskEntry;
import orrery.kernel.block.RequestQueue;
import orrery.kernel.hw.InterruptController;
import orrery.kernel.hw.PhysicalMemory;
import orrery.kernel.log.KernelLog;
import orrery.kernel.memory.CpuMmu;
import orrery.kernel.memory.FrameAllocator;
import orrery.kernel.task.Scheduler;
import orrery.kernel.task.Signals;
import orrery.machine.HostedKernel;
import orrery.machine.HostedPlatform;
import orrery.machine.fdt.DeviceTree;
import orrery.ownership.Census;

/**
 * The kernel's drivers and block layer and nothing else: no program runs, a body in Java does. For
 * tests and benchmarks of drivers on the machine's real devices.
 *
 * <p>The vCPU's thread, or one that it waits for.
 */
public final class DriverKernel implements HostedKernel {
  private final Body body;
  private final List<String> lines = new ArrayList<>();
  private final Drivers drivers;
  private HostedPlatform platform;
  private InterruptController interrupts;
  private FrameAllocator frames;
  private Scheduler scheduler;

  /** What runs instead of programs. */
  @FunctionalInterface
  public interface Body {
    /** Runs once, when drivers are bound; then they are unbound and the machine goes off. */
    void run(DriverKernel kernel);
  }

  /**
   * A kernel that has not started.
   *
   * @param census knows what drivers own
   */
  public DriverKernel(Body body, Census census) {
    this.body = body;
    drivers = new Drivers(new KernelLog(lines::add), census);
  }

  @Override
  public void start(HostedPlatform itsPlatform) {
    platform = itsPlatform;
    DeviceTree tree =
        DeviceTree.parse(
            platform.ram().segment().asSlice(platform.deviceTree() - platform.ram().base()));
    frames = new FrameAllocator(new PhysicalMemory(platform.ram(), new CpuMmu(platform.cpu())));
    scheduler = new Scheduler(platform.cpu(), platform.clock());
    interrupts = MiniKernel.interruptController(tree, platform);
    drivers.probe(tree, platform, interrupts, frames, scheduler, new Signals());
    try {
      body.run(this);
    } finally {
      drivers.shutDown();
      platform.powerOff(0);
    }
  }

  /** The kernel's log. */
  public List<String> lines() {
    return lines;
  }

  /** What drivers had not closed when the kernel shut down; empty before. */
  public List<Census.Survivor> leaks() {
    return drivers.leaks();
  }

  /** The names of all disks. */
  public List<String> disks() {
    List<String> names = new ArrayList<>();
    for (DiskEntry disk : drivers.disks().disks()) {
      names.add(disk.name());
    }
    return names;
  }

  /**
   * The requests of a disk.
   *
   * @throws IllegalArgumentException if there is no such disk
   */
  public RequestQueue disk(String name) {
    for (DiskEntry disk : drivers.disks().disks()) {
      if (disk.name().equals(name)) {
        return disk.queue();
      }
    }
    throw new IllegalArgumentException("no disk " + name);
  }

  /** A page frame that nobody else uses. */
  public long frame() {
    return frames.allocate();
  }

  /** Copies bytes out of memory. */
  public byte[] read(long address, int length) {
    byte[] bytes = new byte[length];
    frames.memory().copyOut(address, bytes, 0, length);
    return bytes;
  }

  /** Copies bytes into memory. */
  public void write(long address, byte[] bytes) {
    frames.memory().copyIn(bytes, 0, address, bytes.length);
  }

  /** Handles what interrupts and timers wait. */
  public void serve() {
    interrupts.dispatch();
    scheduler.timers().expire(platform.clock().nanos());
  }

  /**
   * Waits as an idle kernel does.
   *
   * @param nanos at most so long
   * @return what {@code done} says in the end
   */
  public boolean await(BooleanSupplier done, long nanos) {
    long deadline = platform.clock().nanos() + nanos;
    serve();
    while (!done.getAsBoolean() && platform.clock().nanos() < deadline) {
      platform.cpu().deadline(Math.min(deadline, scheduler.timers().earliest()));
      platform.cpu().waitForInterrupt();
      serve();
    }
    return done.getAsBoolean();
  }
}
