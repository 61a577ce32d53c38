package orrery.kernel.device;

import orrery.kernel.block.DiskController;
import orrery.kernel.hw.Dma;
import orrery.kernel.hw.HardwareException;
import orrery.machine.dma.DmaWindows;
import orrery.ownership.MaySleep;
import orrery.ownership.Move;
import orrery.ownership.Owned;
import orrery.ownership.ProcessCtx;
import orrery.ownership.Unsafe;

/** A device while its driver is being bound: what the driver may take from it. */
@Owned
@Unsafe("gives each driver rights to its own device only")
public abstract class Device {
  private final Binding binding;
  private final DriverServices services;
  private final DeviceManager manager;

  Device(Binding binding, DriverServices services, DeviceManager manager) {
    this.binding = binding;
    this.services = services;
    this.manager = manager;
  }

  /** Its name. */
  public final String name() {
    return binding.device();
  }

  /** A line in the kernel's log, with the device's name. */
  public final void log(String line) {
    services.log().line(name() + ": " + line);
  }

  /** The same log, for the time after the probe. */
  public final DeviceLog journal() {
    return new DeviceLog(name(), services.log());
  }

  /**
   * Its number among the devices of a kind, from 0 on in the order of their probes.
   *
   * @param kind the prefix of their names, such as "nvme"
   */
  public final int instance(String kind) {
    return manager.instance(kind);
  }

  /**
   * What the kernel's command line says of a driver's parameter, as Linux writes it: {@code
   * name=value}.
   *
   * @param parameter such as "nvme_core.io_timeout"
   * @param otherwise the value if the command line does not say, or says no number of this range
   * @param low the least value
   * @param high the greatest value
   */
  public final int parameter(String parameter, int otherwise, int low, int high) {
    return manager.parameters().number(parameter, otherwise, low, high);
  }

  /** The processors that may use the device. */
  public final Processors processors() {
    return new Processors();
  }

  /**
   * Ends the probe if something is not as it must be.
   *
   * @throws HardwareException if {@code holds} is false, saying {@code otherwise}
   */
  public final void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new HardwareException(otherwise);
    }
  }

  /** The device's windows of the guard. */
  abstract DmaWindows windows();

  /** The right to memory that driver and device share. */
  public final Dma dma() {
    // SAFETY: these are this device's windows
    return new Dma(binding.resources(), services.dma(), windows());
  }

  /**
   * The device's interrupts, enabled.
   *
   * @param count how many; each has its number from 0 on
   * @throws HardwareException if there are not so many
   */
  public abstract Interrupts interrupts(int count);

  /**
   * A timer.
   *
   * @param number what {@link BoundDriver#timeout} is told
   */
  public final DeviceTimer timer(int number) {
    return new DeviceTimer(binding, services.timers(), services.clock(), number);
  }

  /**
   * A piece of work.
   *
   * @param number what {@link BoundDriver#work} is told
   */
  public final Work work(int number) {
    return new Work(binding, manager.workQueue(), number);
  }

  /** Something to wait for in place. */
  public final Completion completion() {
    return new Completion(manager.waiting());
  }

  /** A lock; {@code what} is for messages. */
  public final Mutex mutex(String what) {
    return new Mutex(name() + "'s " + what, manager.waiting());
  }

  /** Waits in place. */
  @MaySleep
  public final void sleep(ProcessCtx ctx, long nanos) {
    manager.waiting().until(() -> false, nanos);
  }

  /**
   * Publishes a character device: the bound driver is to be a {@link CharacterDriver}.
   *
   * @param file its name under /dev
   * @param permissions octal, such as 0600
   */
  public final void publish(String file, int major, int minor, int permissions) {
    Driven opened = binding.driven();
    binding.publish(
        new DeviceNode(
            file, major, minor, permissions, (c, node, f) -> new DriverFile(node, f, opened)));
  }

  /** The files that it publishes, for the time after the probe. */
  public final DeviceFiles files() {
    return new DeviceFiles(binding, manager);
  }

  /**
   * The right to publish disks: the bound driver is to be a {@link
   * orrery.kernel.block.BlockDriver}.
   *
   * @param kind the class that the controller is of, as {@code /sys/class} has it: "nvme"
   * @param controller its name in that class: "nvme0"
   */
  public final DiskController disks(String kind, String controller) {
    // SAFETY: these are this device's windows
    return new DiskController(
        binding.resources(),
        services.disks(),
        binding.driven(),
        binding.calls(),
        windows(),
        kind,
        controller,
        place());
  }

  /** Where it stands in /sys/devices. */
  abstract String place();

  /**
   * Publishes a terminal on the device: the bound driver is to be a {@link SerialDriver}.
   *
   * @param file its name under /dev
   * @return takes what the driver receives
   */
  public final SerialInput terminal(String file, int major, int minor) {
    Terminals.Line line = manager.terminals().open(file, major, minor, binding.driven());
    binding.publish(line.node());
    return line.input();
  }

  /** The probe is over: what the driver took from it is the driver's. */
  @Move
  final void end() {}

  final Binding binding() {
    return binding;
  }

  final DriverServices services() {
    return services;
  }
}
