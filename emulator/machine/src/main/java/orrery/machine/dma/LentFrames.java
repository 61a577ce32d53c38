package orrery.machine.dma;

import java.util.Arrays;

/**
 * Which page frames one device was lent, and how often: two levels of counters, as an IOMMU's page
 * table. The vCPU's thread.
 */
final class LentFrames {
  private static final int FRAME_SHIFT = 12;
  private static final int FRAME_SIZE = 1 << FRAME_SHIFT;
  private static final int GROUP_SHIFT = 9;
  private static final int GROUP_MASK = (1 << GROUP_SHIFT) - 1;
  private static final long WRITERS_ONE = 1L << Integer.SIZE;

  /** For each frame: how often for reading (low half), how often for writing (high half). */
  private long[][] groups = {};

  /** Where the frame ends that holds {@code address}. */
  static long end(long address) {
    return (address | FRAME_SIZE - 1) + 1;
  }

  void lend(long frame, boolean write) {
    int group = (int) (frame >>> FRAME_SHIFT + GROUP_SHIFT);
    if (group >= groups.length) {
      groups = Arrays.copyOf(groups, group + 1);
    }
    if (groups[group] == null) {
      groups[group] = new long[GROUP_MASK + 1];
    }
    groups[group][index(frame)] += write ? WRITERS_ONE : 1;
  }

  void takeBack(long frame, boolean write) {
    if (!isLent(frame, write)) {
      throw new IllegalStateException(
          "frame 0x" + Long.toHexString(frame) + " is taken back that was not lent");
    }
    groups[(int) (frame >>> FRAME_SHIFT + GROUP_SHIFT)][index(frame)] -= write ? WRITERS_ONE : 1;
  }

  boolean isLent(long address, boolean write) {
    long group = address >>> FRAME_SHIFT + GROUP_SHIFT;
    if (group >= groups.length || groups[(int) group] == null) {
      return false;
    }
    long count = groups[(int) group][index(address)];
    return (write ? count >>> Integer.SIZE : (int) count) != 0;
  }

  private static int index(long address) {
    return (int) (address >>> FRAME_SHIFT) & GROUP_MASK;
  }
}
