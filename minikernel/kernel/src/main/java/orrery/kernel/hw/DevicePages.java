package orrery.kernel.hw;

import static orrery.kernel.hw.PhysicalMemory.FRAME_SIZE;

import orrery.machine.dma.DmaWindow;
import orrery.ownership.Move;
import orrery.ownership.Owned;
import orrery.ownership.OwnershipException;
import orrery.ownership.Unsafe;

/** A scatter list while the device has it: it can be told to the device and nothing else. */
@Owned
@Unsafe("one of the two names of the pages is usable at any time: this one between begin and end")
public final class DevicePages {
  private final PagesNames names;
  private final DmaWindow[] windows;
  private boolean here;

  DevicePages(PagesNames names, DmaWindow[] windows) {
    this.names = names;
    this.windows = windows;
  }

  void begin() {
    here = true;
  }

  void forget() {
    here = false;
  }

  /** How many pages there are. */
  public int count() {
    return windows.length;
  }

  /**
   * The address by which the device knows a page of 4 KiB.
   *
   * @throws IndexOutOfBoundsException if there is no such page
   */
  public long address(int index) {
    requireHere();
    return windows[index].address();
  }

  /** All bytes together. */
  public long length() {
    return (long) windows.length * FRAME_SIZE;
  }

  /** Takes the pages back: the device is done with them, or was stopped. */
  @Move
  public CpuPages toCpu() {
    requireHere();
    here = false;
    // SAFETY: this name of the memory has just ended
    names.cpu.returned();
    return names.cpu;
  }

  private void requireHere() {
    if (!here) {
      throw new OwnershipException("pages are used as the device's that the device has not got");
    }
  }
}
