package orrery.kernel.disk;

import orrery.kernel.block.BlockOperation;
import orrery.kernel.block.DiskStatistics;

/** What /proc and /sys say of a volume. */
public final class VolumeText {
  private static final int SECTOR_SHIFT = 9;
  private static final long NANOS_PER_MILLI = 1_000_000;

  private VolumeText() {}

  /**
   * Its numbers, as in {@code /proc/diskstats} behind the name; a partition shows those of its
   * disk.
   */
  public static void statistics(Volume v, StringBuilder to) {
    DiskStatistics s = v.queue().statistics();
    kind(s, BlockOperation.READ, to);
    kind(s, BlockOperation.WRITE, to);
    to.append(s.underWay());
    to.append(' ').append(s.busyNanos() / NANOS_PER_MILLI);
    to.append(' ').append(s.weightedNanos() / NANOS_PER_MILLI).append(' ');
    kind(s, BlockOperation.DISCARD, to);
    to.append(s.requests(BlockOperation.FLUSH));
    to.append(' ').append(s.nanos(BlockOperation.FLUSH) / NANOS_PER_MILLI).append('\n');
  }

  private static void kind(DiskStatistics s, BlockOperation what, StringBuilder to) {
    to.append(s.requests(what)).append(' ').append(s.merges(what)).append(' ');
    to.append(s.bytes(what) >>> SECTOR_SHIFT).append(' ');
    to.append(s.nanos(what) / NANOS_PER_MILLI).append(' ');
  }
}
