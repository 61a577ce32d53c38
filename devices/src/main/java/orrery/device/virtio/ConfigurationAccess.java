package orrery.device.virtio;

import orrery.machine.pci.PciFunction;
import orrery.machine.pci.VendorCapability;

/**
 * The PCI configuration access capability (4.1.4.9): a window through which software reaches the
 * device's structures without mapping its BAR.
 */
final class ConfigurationAccess implements VendorCapability {
  // Byte offsets in the capability.
  private static final int BAR = 4;
  private static final int OFFSET = 8;
  private static final int LENGTH = 12;
  private static final int DATA = 16;
  private static final int DATA_SIZE = 4;

  private PciFunction function;

  /** The function is there; before that nobody asks. */
  void connected(PciFunction itsFunction) {
    function = itsFunction;
  }

  /** The bytes that software may write, from the fourth of the capability on. */
  static byte[] writable() {
    byte[] mask = new byte[DATA + DATA_SIZE - VirtioFunction.CAPABILITY_HEADER];
    mask[BAR - VirtioFunction.CAPABILITY_HEADER] = -1;
    for (int at = OFFSET; at < DATA + DATA_SIZE; at++) {
      mask[at - VirtioFunction.CAPABILITY_HEADER] = -1;
    }
    return mask;
  }

  @Override
  public void reading(Registers registers, int offset, int width) {
    int length = accessLength(registers, offset, width);
    if (length > 0) {
      int bar = registers.get(BAR, Byte.BYTES);
      long at = Integer.toUnsignedLong(registers.get(OFFSET, Integer.BYTES));
      registers.set(DATA, length, (int) function.readBar(bar, at, length));
    }
  }

  @Override
  public void written(Registers registers, int offset, int width) {
    int length = accessLength(registers, offset, width);
    if (length > 0) {
      int bar = registers.get(BAR, Byte.BYTES);
      long at = Integer.toUnsignedLong(registers.get(OFFSET, Integer.BYTES));
      function.writeBar(bar, at, length, registers.get(DATA, length));
    }
  }

  /** How much of the device an access to the data field reaches; 0 for none. */
  private static int accessLength(Registers registers, int offset, int width) {
    if (offset >= DATA + DATA_SIZE || offset + width <= DATA) {
      return 0;
    }
    int length = registers.get(LENGTH, Integer.BYTES);
    return length == 1 || length == 2 || length == 4 ? length : 0;
  }
}
