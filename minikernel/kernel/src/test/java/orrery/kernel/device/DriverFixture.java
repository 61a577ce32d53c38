package orrery.kernel.device;

import java.util.ArrayList;
import java.util.List;
import orrery.kernel.block.BlockDisks;
import orrery.kernel.block.BlockServices;
import orrery.kernel.block.DiskController;
import orrery.kernel.log.KernelLog;
import orrery.kernel.memory.FrameAllocator;
import orrery.kernel.wait.Caller;
import orrery.kernel.wait.TimerQueue;
import orrery.machine.clock.MachineClock;
import orrery.machine.dma.DmaWindows;
import orrery.ownership.Census;

/** A device without hardware, and the kernel's side of its driver. */
public final class DriverFixture {
  public final List<String> lines = new ArrayList<>();
  public final Census census;
  public final TimerQueue timers = new TimerQueue();
  public final BlockDisks disks;
  private final Binding binding;

  public DriverFixture(FrameAllocator frames, MachineClock clock, Census census) {
    this.census = census;
    disks = new BlockDisks(new BlockServices(frames, timers, clock, census));
    binding =
        new Binding(
            "test 0",
            new DriverServices(
                null,
                null,
                clock,
                null,
                null,
                timers,
                null,
                disks,
                new KernelLog(lines::add),
                census));
  }

  /** The right to publish disks. */
  public DiskController controller(DmaWindows windows) {
    return new DiskController(
        binding.resources(),
        disks,
        binding.driven(),
        binding.calls(),
        windows,
        "nvme",
        "nvme0",
        "pci0000:00/0000:00:01.0");
  }

  /** The driver takes the device. */
  public void bind(BoundDriver driver) {
    binding.bound(driver);
  }

  /** The device interrupts. */
  public void interrupt(int vector) {
    binding.interrupt(vector);
  }

  /** The device is taken away. */
  public void unbind() {
    binding.unbind(() -> {});
    binding.resources().revokeAll();
  }

  /** Whether the driver is bound. */
  public boolean isBound() {
    return binding.driven().isBound();
  }

  /** A file of the driver. */
  public long control(Caller caller, int request, long argument) {
    return new ControlCall(ControlCall.NO_DISK)
        .make(caller, binding.driven(), request, argument, true);
  }
}
