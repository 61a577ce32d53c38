package orrery.driver.virtio;

import orrery.kernel.device.PciDevice;
import orrery.kernel.hw.HardwareException;
import orrery.kernel.hw.IoMem;
import orrery.kernel.hw.RegisterBlock;
import orrery.ownership.OutOfRangeException;
import orrery.ownership.Range;

/**
 * Where one of the device's structures is, as a vendor-specific capability says (4.1.4).
 *
 * @param bar the base address register
 * @param offset bytes from its start
 * @param length bytes
 * @param extra what follows the capability's common part: the multiplier of notifications
 */
record Structure(int bar, long offset, long length, long extra) {
  static final int COMMON = 1;
  static final int NOTIFY = 2;
  static final int DEVICE = 4;

  private static final int CAPABILITY_VENDOR = 0x09;
  private static final int BARS = 6;

  // Byte offsets in the capability.
  private static final int TYPE = 3;
  private static final int BAR = 4;
  private static final int OFFSET = 8;
  private static final int LENGTH = 12;
  private static final int EXTRA = 16;

  /**
   * Finds a structure.
   *
   * @return null if the device has none of this type
   * @throws HardwareException if it says nonsense
   */
  static Structure find(PciDevice device, int type) {
    int at = device.capability(CAPABILITY_VENDOR, 0);
    while (at != 0) {
      try {
        if (device.tryConfig(at + TYPE, Byte.BYTES) == type) {
          return new Structure(
              Range.index(device.tryConfig(at + BAR, Byte.BYTES), BARS),
              number(device, at + OFFSET),
              number(device, at + LENGTH),
              type == NOTIFY ? number(device, at + EXTRA) : 0);
        }
      } catch (OutOfRangeException e) {
        throw new HardwareException("a capability cannot be: " + e.getMessage());
      }
      at = device.capability(CAPABILITY_VENDOR, at);
    }
    return null;
  }

  private static long number(PciDevice device, int at) throws OutOfRangeException {
    return Range.between(device.tryConfig(at, Integer.BYTES), 0, Integer.MAX_VALUE);
  }

  /** Maps the registers of the structure. */
  <B> IoMem<B> map(PciDevice device, RegisterBlock<B> block) {
    return map(device, 0, length, block);
  }

  /**
   * Maps registers inside the structure.
   *
   * @param at bytes from its start
   * @throws HardwareException if they are not inside
   */
  <B> IoMem<B> map(PciDevice device, long at, long bytes, RegisterBlock<B> block) {
    try {
      return device.map(bar, offset + Range.part(at, bytes, length), bytes, block);
    } catch (OutOfRangeException e) {
      throw new HardwareException("registers lie outside of the device: " + e.getMessage());
    }
  }
}
