package orrery.kernel.device;

import java.util.ArrayList;
import java.util.List;
import orrery.kernel.hw.HardwareException;
import orrery.kernel.hw.Resources;
import orrery.ownership.IrqCtx;
import orrery.ownership.OwnershipException;
import orrery.ownership.ProcessCtx;
import orrery.ownership.Slot;
import orrery.ownership.Unsafe;

/**
 * A device and the driver that has it: enters the driver's contexts, and ends with everything the
 * driver holds.
 */
@Unsafe("makes the tokens of the contexts that it enters")
final class Binding {
  private final String device;
  private final DriverServices services;
  private final Resources resources;
  private final Slot<BoundDriver> driver = new Slot<>();
  private final List<DeviceNode> nodes = new ArrayList<>();

  Binding(String device, DriverServices services) {
    this.device = device;
    this.services = services;
    this.resources = new Resources(device, services.census());
  }

  String device() {
    return device;
  }

  Resources resources() {
    return resources;
  }

  List<DeviceNode> nodes() {
    return nodes;
  }

  /** A device file is wanted; it opens once a driver is bound. */
  void publish(DeviceNode node) {
    nodes.add(node);
  }

  boolean isBound() {
    return !driver.isEmpty();
  }

  /** How a driver takes a device. */
  interface Probe {
    BoundDriver run(ProcessCtx ctx);
  }

  /**
   * Binds a driver.
   *
   * @return whether it took the device; if not, everything is as before
   */
  boolean bind(Probe probe) {
    try {
      // SAFETY: probes run before the first program or in a work item, and hold no lock
      ProcessCtx ctx = ProcessCtx.enter();
      driver.put(probe.run(ctx));
      ctx.leave();
      return true;
    } catch (HardwareException | OwnershipException | IndexOutOfBoundsException e) {
      services.log().line(device + ": " + e.getMessage());
      nodes.clear();
      resources.revokeAll();
      return false;
    }
  }

  /**
   * Takes the device from its driver; {@code off} stops the device itself. What the driver did not
   * close is still there, for the census to tell of.
   */
  void unbind(Runnable off) {
    BoundDriver leaving = driver.take();
    if (leaving != null) {
      try {
        // SAFETY: removals run after the last program or in a work item, and hold no lock
        ProcessCtx ctx = ProcessCtx.enter();
        leaving.remove(ctx);
        ctx.leave();
      } catch (HardwareException | OwnershipException | IndexOutOfBoundsException e) {
        services.log().line(device + ": " + e.getMessage());
      }
    }
    nodes.clear();
    off.run();
  }

  /** The driver, for calls that need no token; null if there is none. */
  Slot<BoundDriver> driver() {
    return driver;
  }

  void interrupt(int vector) {
    if (driver.isEmpty()) {
      return; // between the probe's enabling and its end, or after the end
    }
    // SAFETY: the interrupt controller's dispatch has just acknowledged this interrupt
    IrqCtx irq = IrqCtx.enter();
    driver.get().interrupt(irq, vector);
    irq.leave();
  }

  void timeout(int timer) {
    if (driver.isEmpty()) {
      return;
    }
    // SAFETY: timers run where interrupts do
    IrqCtx irq = IrqCtx.enter();
    driver.get().timeout(irq, timer);
    irq.leave();
  }

  void work(int number) {
    if (driver.isEmpty()) {
      return;
    }
    // SAFETY: the work queue runs when no handler does, and holds no lock
    ProcessCtx ctx = ProcessCtx.enter();
    driver.get().work(ctx, number);
    ctx.leave();
  }
}
