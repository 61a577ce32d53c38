package orrery.kernel.device;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import orrery.kernel.hw.HardwareException;
import orrery.kernel.hw.pci.MessageFrame;
import orrery.kernel.hw.pci.PciFunction;
import orrery.kernel.hw.pci.PciHostBridge;
import orrery.machine.fdt.DeviceTree;
import orrery.machine.fdt.DeviceTreeNode;
import orrery.ownership.Census;
import orrery.ownership.OwnershipException;
import orrery.ownership.ProcessCtx;
import orrery.ownership.Unsafe;

/**
 * Finds devices and binds drivers to them. A machine without PCI whose every device the kernel
 * itself drives costs one look at the device tree.
 */
public final class DeviceManager {
  /** What the kernel drives itself, or needs no driver for. */
  private static final List<String> OWN =
      List.of(
          "arm,cortex-a72",
          "arm,pl011",
          "arm,pl031",
          "orrery,console-control",
          "arm,cortex-a15-gic",
          "arm,gic-v2m-frame",
          "pci-host-ecam-generic");

  private final DriverServices services;
  private final Terminals terminals;
  private final WorkQueue workQueue;
  private final WaitInPlace waiting;
  private final List<PciEntry> functions = new ArrayList<>();
  private final List<Bound> bound = new ArrayList<>();
  private Consumer<DeviceNode> withdrawn = node -> {};
  private final Map<String, Integer> instances = new HashMap<>();
  private DriverParameters parameters = new DriverParameters("");
  private MessageFrame frame;

  /**
   * @param off cuts the device off
   */
  private record Bound(Binding binding, Runnable off) {}

  /** A manager that knows no device yet. */
  public DeviceManager(DriverServices services, Terminals terminals) {
    this.services = services;
    this.terminals = terminals;
    workQueue = new WorkQueue(services.timers());
    waiting = new WaitInPlace(services, workQueue);
  }

  WorkQueue workQueue() {
    return workQueue;
  }

  WaitInPlace waiting() {
    return waiting;
  }

  Terminals terminals() {
    return terminals;
  }

  MessageFrame messageFrame() {
    return frame;
  }

  DriverParameters parameters() {
    return parameters;
  }

  /** The next number of a kind of devices. */
  int instance(String kind) {
    return instances.merge(kind, 1, Integer::sum) - 1;
  }

  /** Finds devices and binds the drivers that {@link ServiceLoader} knows. */
  public void probe(DeviceTree tree) {
    DeviceTreeNode chosen = tree.node("/chosen");
    if (chosen != null) {
      parameters = new DriverParameters(chosen.string("bootargs", ""));
    }
    List<DeviceTreeNode> platform = new ArrayList<>();
    collect(tree.root(), platform);
    if (!platform.isEmpty()) {
      probePlatform(platform, drivers(PlatformDriver.class));
    }
    List<DeviceTreeNode> hosts = tree.compatible(PciHostBridge.COMPATIBLE);
    if (!hosts.isEmpty()) {
      for (DeviceTreeNode node : tree.compatible(MessageFrame.COMPATIBLE)) {
        frame = new MessageFrame(node, services.bus(), services.interrupts());
      }
      for (DeviceTreeNode host : hosts) {
        probePci(host, drivers(PciDriver.class));
      }
    }
  }

  /**
   * Waits where no program can be switched; interrupts and timers go on.
   *
   * @param nanos at most so long
   * @return what {@code done} says in the end
   */
  public boolean waitInPlace(BooleanSupplier done, long nanos) {
    return waiting.until(done, nanos);
  }

  /** Modules alone are asked, if there are any: the class path would have every jar opened. */
  private static <T> Iterable<T> drivers(Class<T> service) {
    ModuleLayer layer = DeviceManager.class.getModule().getLayer();
    return layer == null ? ServiceLoader.load(service) : ServiceLoader.load(layer, service);
  }

  /** Whether a machine has devices that need a driver from elsewhere. */
  public static boolean hasWork(DeviceTree tree) {
    List<DeviceTreeNode> platform = new ArrayList<>();
    collect(tree.root(), platform);
    return !platform.isEmpty() || !tree.compatible(PciHostBridge.COMPATIBLE).isEmpty();
  }

  private static void collect(DeviceTreeNode node, List<DeviceTreeNode> to) {
    if (node.has("compatible") && node.has("reg") && !isOwn(node)) {
      to.add(node);
    }
    for (DeviceTreeNode child : node.children()) {
      collect(child, to);
    }
  }

  private static boolean isOwn(DeviceTreeNode node) {
    for (String model : node.strings("compatible")) {
      if (OWN.contains(model)) {
        return true;
      }
    }
    return false;
  }

  private void probePlatform(List<DeviceTreeNode> nodes, Iterable<PlatformDriver> drivers) {
    for (DeviceTreeNode node : nodes) {
      for (PlatformDriver driver : drivers) {
        if (matches(driver, node)) {
          bind(node, driver);
          break;
        }
      }
    }
  }

  private static boolean matches(PlatformDriver driver, DeviceTreeNode node) {
    for (String model : driver.compatible()) {
      if (node.compatible(model)) {
        return true;
      }
    }
    return false;
  }

  @Unsafe("probes run before the first program, and hold no lock")
  private void bind(DeviceTreeNode node, PlatformDriver driver) {
    Binding binding = new Binding(driver.name() + " " + node.name(), services);
    PlatformDevice device = new PlatformDevice(binding, services, this, node);
    // SAFETY: see above
    ProcessCtx ctx = ProcessCtx.enter();
    try {
      binding.bound(driver.probe(ctx, device));
      bound.add(new Bound(binding, () -> {}));
    } catch (HardwareException | OwnershipException | IndexOutOfBoundsException e) {
      binding.failed(e.getMessage());
    }
    ctx.leave();
    device.end();
  }

  private void probePci(DeviceTreeNode node, Iterable<PciDriver> drivers) {
    List<PciFunction> found;
    try {
      found = new PciHostBridge(node, services.bus()).enumerate();
    } catch (HardwareException e) {
      services.log().line(e.getMessage());
      return;
    }
    for (PciFunction function : found) {
      PciDriver driver = driverOf(function, drivers);
      functions.add(new PciEntry(function, driver == null ? null : driver.name()));
      if (driver != null) {
        bind(function, driver);
      }
    }
  }

  private static PciDriver driverOf(PciFunction function, Iterable<PciDriver> drivers) {
    for (PciDriver driver : drivers) {
      if (matches(driver, function)) {
        return driver;
      }
    }
    return null;
  }

  private static boolean matches(PciDriver driver, PciFunction function) {
    for (PciId id : driver.ids()) {
      if (id.matches(function.vendor(), function.device(), function.classCode())) {
        return true;
      }
    }
    return false;
  }

  @Unsafe("probes run before the first program, and hold no lock")
  private void bind(PciFunction function, PciDriver driver) {
    Binding binding = new Binding(driver.name() + " " + function.name(), services);
    PciDevice device = new PciDevice(binding, services, this, function);
    // SAFETY: see above
    ProcessCtx ctx = ProcessCtx.enter();
    function.enable(true);
    try {
      binding.bound(driver.probe(ctx, device));
      bound.add(new Bound(binding, function::disable));
    } catch (HardwareException | OwnershipException | IndexOutOfBoundsException e) {
      function.disable();
      binding.failed(e.getMessage());
    }
    ctx.leave();
    device.end();
  }

  /** Tells {@code who} from now on of files whose device is gone. */
  public void onWithdrawal(Consumer<DeviceNode> who) {
    withdrawn = who;
  }

  void withdraw(Binding binding) {
    for (DeviceNode node : List.copyOf(binding.nodes())) {
      binding.nodes().remove(node);
      withdrawn.accept(node);
    }
  }

  /** The PCI functions that were found, whether a driver took them or not. */
  public List<PciEntry> functions() {
    return List.copyOf(functions);
  }

  /** The files under /dev that drivers stand behind. */
  public List<DeviceNode> nodes() {
    List<DeviceNode> nodes = new ArrayList<>();
    for (Bound b : bound) {
      nodes.addAll(b.binding.nodes());
    }
    return nodes;
  }

  /**
   * Takes every device from its driver, the last one first.
   *
   * @return what was not closed, by drivers or by anybody else; it is revoked now
   */
  public List<Census.Survivor> shutDown() {
    for (Bound b : bound.reversed()) {
      b.binding.unbind(b.off);
    }
    List<Census.Survivor> survivors = services.census().survivors();
    for (Bound b : bound.reversed()) {
      b.binding.resources().revokeAll();
    }
    bound.clear();
    return survivors;
  }
}
