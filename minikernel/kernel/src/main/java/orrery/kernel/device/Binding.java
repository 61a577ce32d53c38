package orrery.kernel.device;

import java.util.ArrayList;
import java.util.List;
import orrery.kernel.hw.HardwareException;
import orrery.kernel.hw.Resources;
import orrery.ownership.IrqCtx;
import orrery.ownership.Move;
import orrery.ownership.OwnershipException;
import orrery.ownership.ProcessCtx;
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
  private final Driven driven;
  private final DriverCalls calls = new DriverCalls();
  private final List<DeviceNode> nodes = new ArrayList<>();

  Binding(String device, DriverServices services) {
    this.device = device;
    this.services = services;
    this.driven = new Driven(device);
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

  /** The driver took the device. */
  void bound(@Move BoundDriver by) {
    driven.put(by);
  }

  /** No driver took the device: everything is as before. */
  void failed(String reason) {
    services.log().line(device + ": " + reason);
    nodes.clear();
    resources.revokeAll();
  }

  /**
   * Takes the device from its driver; {@code off} stops the device itself. What the driver did not
   * close is still there, for the census to tell of.
   */
  @Unsafe("removals run after the last program or in a work item, and hold no lock")
  void unbind(Runnable off) {
    // SAFETY: see above
    ProcessCtx ctx = ProcessCtx.enter();
    boolean outer = calls.enter();
    try {
      driven.get().quiesce(ctx);
      driven.take().remove(ctx);
    } catch (HardwareException | OwnershipException | IndexOutOfBoundsException e) {
      services.log().line(device + ": " + e.getMessage());
    }
    ctx.leave();
    calls.leave(outer);
    nodes.clear();
    off.run();
  }

  Driven driven() {
    return driven;
  }

  DriverCalls calls() {
    return calls;
  }

  void interrupt(int vector) {
    if (!driven.isBound()) {
      return; // between the probe's enabling and its end, or after the end
    }
    // SAFETY: the interrupt controller's dispatch has just acknowledged this interrupt
    IrqCtx irq = IrqCtx.enter();
    boolean outer = calls.enter();
    driven.get().interrupt(irq, vector);
    irq.leave();
    calls.leave(outer);
  }

  void timeout(int timer) {
    if (!driven.isBound()) {
      return;
    }
    // SAFETY: timers run where interrupts do
    IrqCtx irq = IrqCtx.enter();
    boolean outer = calls.enter();
    driven.get().timeout(irq, timer);
    irq.leave();
    calls.leave(outer);
  }

  @Unsafe("the work queue runs when no handler does, and holds no lock")
  void work(int number) {
    if (!driven.isBound()) {
      return;
    }
    // SAFETY: see above
    ProcessCtx ctx = ProcessCtx.enter();
    boolean outer = calls.enter();
    driven.get().work(ctx, number);
    ctx.leave();
    calls.leave(outer);
  }
}
