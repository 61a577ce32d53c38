package orrery.machine.bus;

import java.util.Arrays;
import java.util.Objects;

/**
 * Dispatches guest-physical accesses to the devices attached.
 *
 * <p>Reads and writes belong to the vCPU's thread; devices may be attached from any thread (the
 * table is replaced as a whole). Look-ups allocate nothing.
 */
public final class Bus {
  private static final int ALL_WIDTHS = 1 | 2 | 4 | 8;

  private volatile Table table =
      new Table(new String[0], new long[0], new long[0], new MmioDevice[0], new int[0]);

  /**
   * The ranges in ascending order; {@code last} is inclusive so that the top of the address space
   * fits.
   */
  private record Table(
      String[] name, long[] first, long[] last, MmioDevice[] device, int[] widths) {
    /** The index of the range that holds {@code address}, or -(insertion point) - 1. */
    int find(long address) {
      int low = 0;
      int high = first.length - 1;
      while (low <= high) {
        int middle = low + high >>> 1;
        if (Long.compareUnsigned(address, first[middle]) < 0) {
          high = middle - 1;
        } else if (Long.compareUnsigned(address, last[middle]) > 0) {
          low = middle + 1;
        } else {
          return middle;
        }
      }
      return -low - 1;
    }
  }

  /** A bus with nothing on it. */
  public Bus() {}

  /**
   * Puts a device at an address range.
   *
   * @param name for error messages
   * @param base guest-physical address of the first byte
   * @param size bytes, at least one
   * @throws IllegalArgumentException if the range is empty, wraps around or overlaps another, or if
   *     the device names no access width
   */
  public synchronized void attach(String name, long base, long size, MmioDevice device) {
    Objects.requireNonNull(name);
    int widths = device.widths();
    if (widths == 0 || (widths & ~ALL_WIDTHS) != 0) {
      throw new IllegalArgumentException(name + " names impossible access widths: " + widths);
    }
    long last = base + size - 1;
    if (size <= 0 || Long.compareUnsigned(last, base) < 0) {
      throw new IllegalArgumentException(name + " has an impossible size: " + size);
    }
    Table old = table;
    int at = old.find(base);
    if (at < 0) {
      at = -at - 1;
    }
    if (at < old.first.length && Long.compareUnsigned(old.first[at], last) <= 0) {
      throw new IllegalArgumentException(
          name + " at 0x" + Long.toHexString(base) + " overlaps " + old.name[at]);
    }
    table =
        new Table(
            insert(old.name, at, name),
            insert(old.first, at, base),
            insert(old.last, at, last),
            insert(old.device, at, device),
            insert(old.widths, at, widths));
  }

  /**
   * Decodes a range once, for whoever accesses it often.
   *
   * @param address guest-physical address of the first byte, a multiple of the widest access made
   * @param size bytes, 1 or more
   * @throws BusFault if no device has all of it
   */
  public BusRange range(long address, long size) {
    Table now = table;
    int index = now.find(address);
    if (index < 0 || size <= 0 || size - 1 > now.last[index] - address) {
      throw BusFault.INSTANCE;
    }
    return new BusRange(now.device[index], now.widths[index], address - now.first[index], size);
  }

  /**
   * Reads from the device at {@code address}.
   *
   * @param width bytes: 1, 2, 4 or 8
   * @return the value, zero-extended
   * @throws BusFault if nothing is there, the access is unaligned or of a width the device does not
   *     decode, or the device refuses
   */
  public long read(long address, int width) {
    Table now = table;
    int index = decode(now, address, width);
    return now.device[index].read(address - now.first[index], width);
  }

  /**
   * Writes to the device at {@code address}; bits of {@code value} above the width are ignored.
   *
   * @param width bytes: 1, 2, 4 or 8
   * @throws BusFault as for {@link #read}
   */
  public void write(long address, int width, long value) {
    Table now = table;
    int index = decode(now, address, width);
    now.device[index].write(
        address - now.first[index], width, value & -1L >>> Long.SIZE - Byte.SIZE * width);
  }

  private static int decode(Table table, long address, int width) {
    int index = table.find(address);
    // A naturally aligned access of at most 8 bytes can leave the range only by its last byte.
    if (index < 0
        || (table.widths[index] & width) == 0
        || (address & width - 1) != 0
        || Long.compareUnsigned(address + width - 1, table.last[index]) > 0) {
      throw BusFault.INSTANCE;
    }
    return index;
  }

  private static <T> T[] insert(T[] array, int at, T value) {
    T[] grown = Arrays.copyOf(array, array.length + 1);
    System.arraycopy(array, at, grown, at + 1, array.length - at);
    grown[at] = value;
    return grown;
  }

  private static long[] insert(long[] array, int at, long value) {
    long[] grown = Arrays.copyOf(array, array.length + 1);
    System.arraycopy(array, at, grown, at + 1, array.length - at);
    grown[at] = value;
    return grown;
  }

  private static int[] insert(int[] array, int at, int value) {
    int[] grown = Arrays.copyOf(array, array.length + 1);
    System.arraycopy(array, at, grown, at + 1, array.length - at);
    grown[at] = value;
    return grown;
  }
}
