package orrery.kernel.hw;

import java.lang.foreign.MemorySegment;
import orrery.machine.dma.DmaWindow;
import orrery.ownership.Move;
import orrery.ownership.Owned;
import orrery.ownership.OwnershipException;
import orrery.ownership.Unsafe;

/** The scatter list behind both names, of which the driver has one at any time. */
@Owned
@Unsafe("each of the two names is given out by the method that ends the other")
sealed class DmaPages extends CpuPages implements DevicePages permits TracedPages {
  DmaPages(Resources resources, DmaMemory memory, MemorySegment[] pages, DmaWindow[] windows) {
    // SAFETY: the caller has the memory and the windows for this list alone
    super(resources, memory, pages, windows);
  }

  DmaPages(DmaPages old) {
    // SAFETY: the caller ends the old name
    super(old);
  }

  @Override
  @Move
  public DevicePages toDevice() {
    open();
    // SAFETY: the driver's name has just ended
    return this;
  }

  @Override
  public long address(int index) {
    requireThere();
    return windows[index].address();
  }

  @Override
  @Move
  public CpuPages toCpu() {
    shut();
    // SAFETY: the device's name has just ended
    return this;
  }

  final void open() {
    requireHere();
    for (DmaWindow window : windows) {
      window.open();
    }
  }

  final void shut() {
    requireThere();
    for (DmaWindow window : windows) {
      window.close();
    }
  }

  private void requireThere() {
    if (!windows[0].isOpen()) {
      throw new OwnershipException("pages are used as the device's that the device has not got");
    }
  }

  @Override
  protected String typeName() {
    return windows[0].isOpen() ? "DevicePages" : "CpuPages";
  }
}
