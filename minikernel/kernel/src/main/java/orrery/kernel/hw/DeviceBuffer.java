package orrery.kernel.hw;

import orrery.ownership.Move;
import orrery.ownership.Owned;

/**
 * A buffer for DMA while the device has it. It can be told to the device and nothing else: there is
 * no read and no write. {@link #toCpu} takes it back once the device has said that it is done; a
 * driver that does so earlier is found out by the machine's DMA guard.
 *
 * <p>A use while the device has it not is an {@link orrery.ownership.OwnershipException}.
 */
@Owned
public sealed interface DeviceBuffer permits DmaBuffer {
  /** The address by which the device knows it. */
  long address();

  /** Its size in bytes. */
  int length();

  /** Takes the buffer back: the device is done with it, or was stopped. */
  @Move
  CpuBuffer toCpu();
}
