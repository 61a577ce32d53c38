package orrery.kernel.hw;

import orrery.machine.dma.DmaWindow;
import orrery.ownership.Move;
import orrery.ownership.Owned;
import orrery.ownership.Unsafe;

/**
 * A buffer for where mistakes are looked for, which is where the census keeps birth places: each
 * hand-over makes a new object and the old one is dead for good. So a name that was kept over a
 * whole turn of the device is found out too, which the plain buffer cannot: its names are the same
 * object every time. Costs an allocation and a birth place for each hand-over.
 */
@Owned
@Unsafe("a name that has ended keeps a window that is removed, so that every check of it fails")
final class TracedBuffer extends DmaBuffer {
  private TracedBuffer(Resources resources, DmaMemory memory, DmaWindow window) {
    // SAFETY: as of the plain buffer
    super(resources, memory, window);
  }

  private TracedBuffer(TracedBuffer old) {
    // SAFETY: renamed() ends the old name
    super(old);
  }

  /** The driver's first name. */
  static CpuBuffer make(Resources resources, DmaMemory memory, DmaWindow window) {
    return new TracedBuffer(resources, memory, window);
  }

  @Override
  @Move
  public DeviceBuffer toDevice() {
    requireHere();
    window.open();
    return renamed();
  }

  @Override
  @Move
  public CpuBuffer toCpu() {
    requireThere();
    window.close();
    return renamed();
  }

  private TracedBuffer renamed() {
    // SAFETY: this name ends here
    TracedBuffer next = new TracedBuffer(this);
    window = window.ended();
    end();
    return next;
  }
}
