package orrery.kernel.block;

/**
 * What a disk has done: the numbers of {@code /proc/diskstats}. Source: Linux {@code
 * Documentation/admin-guide/iostats.rst}.
 */
public final class DiskStatistics {
  private static final int KINDS = BlockOperation.values().length;

  private final long[] requests = new long[KINDS];
  private final long[] merges = new long[KINDS];
  private final long[] bytes = new long[KINDS];
  private final long[] nanos = new long[KINDS];
  private int underWay;
  private long busyNanos;
  private long weightedNanos;
  private long changed;

  DiskStatistics() {}

  void began(long now) {
    pass(now);
    underWay++;
  }

  void merged(BlockOperation what) {
    merges[what.ordinal()]++;
  }

  void ended(BlockOperation what, long length, long began, long now) {
    pass(now);
    underWay--;
    int k = what.ordinal();
    requests[k]++;
    bytes[k] += length;
    nanos[k] += Math.max(0, now - began);
  }

  /** Time goes on; what happens in one batch is told with the time of the batch's start. */
  private void pass(long time) {
    long now = underWay > 0 ? Math.max(time, changed) : time;
    if (underWay > 0) {
      busyNanos += now - changed;
      weightedNanos += (now - changed) * underWay;
    }
    changed = now;
  }

  /** Requests done. */
  public long requests(BlockOperation what) {
    return requests[what.ordinal()];
  }

  /** Pieces that became part of another request. */
  public long merges(BlockOperation what) {
    return merges[what.ordinal()];
  }

  /** Bytes of the requests done. */
  public long bytes(BlockOperation what) {
    return bytes[what.ordinal()];
  }

  /** Nanoseconds from the making of each request to its end, together. */
  public long nanos(BlockOperation what) {
    return nanos[what.ordinal()];
  }

  /** Requests under way. */
  public int underWay() {
    return underWay;
  }

  /** Nanoseconds in which any request was under way. */
  public long busyNanos() {
    return busyNanos;
  }

  /** The sum of the nanoseconds of all requests, those under way included. */
  public long weightedNanos() {
    return weightedNanos;
  }
}
