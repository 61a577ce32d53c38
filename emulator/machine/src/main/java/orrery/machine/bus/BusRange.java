package orrery.machine.bus;

/**
 * Addresses of one device, decoded once for many accesses: what a look-up in the bus's table costs
 * is paid when the range is asked for. Devices are never taken off a bus, so it stays right.
 *
 * <p>Accesses belong to the vCPU's thread and allocate nothing.
 */
public final class BusRange {
  /** A range with nothing in it: every access is a fault. */
  public static final BusRange EMPTY = new BusRange(null, 0, 0, 0);

  private final MmioDevice device;
  private final int widths;
  private final long offset;
  private final long size;

  BusRange(MmioDevice device, int widths, long offset, long size) {
    this.device = device;
    this.widths = widths;
    this.offset = offset;
    this.size = size;
  }

  /**
   * Reads, as {@link Bus#read}.
   *
   * @param at bytes from the start of the range
   * @param width bytes: 1, 2, 4 or 8
   * @throws BusFault as for the bus; also for an access that is not all inside
   */
  public long read(long at, int width) {
    return device.read(decode(at, width), width);
  }

  /**
   * Writes, as {@link Bus#write}.
   *
   * @param at bytes from the start of the range
   * @param width bytes: 1, 2, 4 or 8
   * @throws BusFault as for the bus; also for an access that is not all inside
   */
  public void write(long at, int width, long value) {
    device.write(decode(at, width), width, value & -1L >>> Long.SIZE - Byte.SIZE * width);
  }

  private long decode(long at, int width) {
    long inside = offset + at;
    if ((widths & width) == 0 || (inside & width - 1) != 0 || at < 0 || at > size - width) {
      throw BusFault.INSTANCE;
    }
    return inside;
  }
}
