package orrery.machine.bus;

/**
 * A block of memory-mapped registers. The bus calls it on the vCPU's thread with offsets inside the
 * attached range, naturally aligned and of a width that {@link #widths} names.
 */
public interface MmioDevice {
  /**
   * Reads a register.
   *
   * @param offset bytes from the start of the block
   * @param width bytes: 1, 2, 4 or 8
   * @return the value, zero-extended
   * @throws BusFault if the device answers with an error
   */
  long read(long offset, int width);

  /**
   * Writes a register.
   *
   * @param offset bytes from the start of the block
   * @param width bytes: 1, 2, 4 or 8
   * @param value the value; bits above the width are zero
   * @throws BusFault if the device answers with an error
   */
  void write(long offset, int width, long value);

  /**
   * The access widths the device decodes, an OR of 1, 2, 4 and 8 bytes; the bus answers others with
   * a fault. Asked once, when the device is attached. Words only unless a device's specification
   * says otherwise.
   */
  default int widths() {
    return Integer.BYTES;
  }
}
