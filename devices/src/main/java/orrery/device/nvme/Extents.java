package orrery.device.nvme;

import java.util.Arrays;

/**
 * The pieces of guest memory that a command's data pointer describes, in order; neighbours are one
 * piece. Reused from command to command, grows to the largest seen.
 */
final class Extents {
  /** Instead of an address: the data goes nowhere (SGL bit bucket). */
  static final long BUCKET = -1;

  /** The most pieces of a command. */
  static final int LIMIT = 16384;

  private static final int INITIAL = 512;

  private long[] addresses = new long[INITIAL];
  private long[] lengths = new long[INITIAL];
  private int count;
  private long total;

  void clear() {
    count = 0;
    total = 0;
  }

  /** Appends a piece; false if there are too many. */
  boolean add(long address, long length) {
    total += length;
    if (count > 0
        && address != BUCKET
        && addresses[count - 1] != BUCKET
        && addresses[count - 1] + lengths[count - 1] == address) {
      lengths[count - 1] += length;
      return true;
    }
    if (count == addresses.length) {
      if (count == LIMIT) {
        return false;
      }
      addresses = Arrays.copyOf(addresses, 2 * count);
      lengths = Arrays.copyOf(lengths, 2 * count);
    }
    addresses[count] = address;
    lengths[count] = length;
    count++;
    return true;
  }

  int count() {
    return count;
  }

  long address(int i) {
    return addresses[i];
  }

  long length(int i) {
    return lengths[i];
  }

  /** Bytes of all pieces. */
  long total() {
    return total;
  }
}
