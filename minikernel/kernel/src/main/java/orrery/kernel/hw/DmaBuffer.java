package orrery.kernel.hw;

import orrery.machine.dma.DmaWindow;
import orrery.ownership.Move;
import orrery.ownership.Owned;
import orrery.ownership.OwnershipException;
import orrery.ownership.Unsafe;

/**
 * The buffer behind both names, of which the driver has one at any time. Both are this object: a
 * hand-over looks nothing up, and the compiler keeps what it knows of the buffer.
 */
@Owned
@Unsafe("each of the two names is given out by the method that ends the other")
sealed class DmaBuffer extends CpuBuffer implements DeviceBuffer permits TracedBuffer {
  DmaBuffer(Resources resources, DmaMemory memory, DmaWindow window) {
    // SAFETY: the caller has the memory and the window for this buffer alone
    super(resources, memory, window);
  }

  DmaBuffer(DmaBuffer old) {
    // SAFETY: the caller ends the old name
    super(old);
  }

  @Override
  @Move
  public DeviceBuffer toDevice() {
    requireHere();
    window.open();
    // SAFETY: the driver's name has just ended
    return this;
  }

  @Override
  public long address() {
    requireThere();
    return window.address();
  }

  @Override
  @Move
  public CpuBuffer toCpu() {
    requireThere();
    window.close();
    // SAFETY: the device's name has just ended
    return this;
  }

  final void requireThere() {
    if (!window.isOpen()) {
      throw new OwnershipException("a buffer is used as the device's that the device has not got");
    }
  }

  @Override
  protected String typeName() {
    return window.isOpen() ? "DeviceBuffer" : "CpuBuffer";
  }
}
