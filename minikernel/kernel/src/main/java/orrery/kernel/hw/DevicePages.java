package orrery.kernel.hw;

import orrery.ownership.Move;
import orrery.ownership.Owned;

/**
 * A scatter list while the device has it: it can be told to the device and nothing else.
 *
 * <p>A use while the device has it not is an {@link orrery.ownership.OwnershipException}.
 */
@Owned
public sealed interface DevicePages permits DmaPages {
  /** How many pages there are. */
  int count();

  /**
   * The address by which the device knows a page of 4 KiB.
   *
   * @throws IndexOutOfBoundsException if there is no such page
   */
  long address(int index);

  /** All bytes together. */
  long length();

  /** Takes the pages back: the device is done with them, or was stopped. */
  @Move
  CpuPages toCpu();
}
