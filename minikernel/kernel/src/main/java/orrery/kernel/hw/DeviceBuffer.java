package orrery.kernel.hw;

import orrery.machine.dma.DmaWindow;
import orrery.ownership.Move;
import orrery.ownership.Owned;
import orrery.ownership.OwnershipException;
import orrery.ownership.Unsafe;

/**
 * A buffer for DMA while the device has it. It can be told to the device and nothing else: there is
 * no read and no write. {@link #toCpu} takes it back once the device has said that it is done; a
 * driver that does so earlier is found out by the machine's DMA guard.
 */
@Owned
@Unsafe("one of the two names of a buffer is usable at any time: this one while the window is open")
public final class DeviceBuffer {
  private final BufferNames names;
  private final DmaWindow window;

  DeviceBuffer(BufferNames names, DmaWindow window) {
    this.names = names;
    this.window = window;
  }

  /** The address by which the device knows it. */
  public long address() {
    requireHere();
    return window.address();
  }

  /** Its size in bytes. */
  public int length() {
    return (int) window.length();
  }

  /** Takes the buffer back: the device is done with it, or was stopped. */
  @Move
  public CpuBuffer toCpu() {
    requireHere();
    window.close();
    // SAFETY: this name of the memory has just ended
    names.cpu.returned();
    return names.cpu;
  }

  private void requireHere() {
    if (!window.isOpen()) {
      throw new OwnershipException("a buffer is used as the device's that the device has not got");
    }
  }
}
