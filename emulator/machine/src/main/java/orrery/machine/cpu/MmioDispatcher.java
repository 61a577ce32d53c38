package orrery.machine.cpu;

/**
 * Where accesses outside guest memory go: the machine's bus. Called on the vCPU's thread.
 *
 * <p>The engine splits what is wider than it passes on: an 8-byte access of the guest arrives as
 * two of 4 bytes, the lower address first.
 *
 * <p>A {@link orrery.machine.bus.BusFault} thrown here becomes a synchronous external abort for the
 * guest; any other failure ends {@link Vcpu#run}.
 */
public interface MmioDispatcher {
  /**
   * Reads a device.
   *
   * @param address guest-physical address
   * @param width bytes: 1, 2, 4 or 8
   */
  long read(long address, int width);

  /**
   * Writes a device.
   *
   * @param address guest-physical address
   * @param width bytes: 1, 2, 4 or 8
   * @param value the value in its low {@code 8 * width} bits
   */
  void write(long address, int width, long value);
}
