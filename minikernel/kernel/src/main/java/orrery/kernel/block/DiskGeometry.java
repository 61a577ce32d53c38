package orrery.kernel.block;

import java.util.function.Consumer;
import orrery.kernel.hw.HardwareException;

/**
 * What a disk is like: {@link #of} and then one method for each property that differs from a plain
 * disk's.
 *
 * @param blockSize bytes of a logical block, 512 to 4096
 * @param blocks how many there are
 * @param physicalBlockSize bytes that the device writes at once without reading first
 * @param maxTransfer the most bytes of one request
 * @param queueDepth how many requests the driver takes at once
 * @param volatileCache whether writes need {@link BlockOperation#FLUSH} or FUA to be safe
 * @param forceUnitAccess whether the driver does FUA; else the kernel flushes after the write
 * @param readOnly whether writes fail
 * @param optimalTransfer bytes of a request that the device does best, 0 if it does not say
 * @param maxDiscard the most blocks of one {@link BlockOperation#DISCARD}, 0 if it does none
 * @param discardGranularity bytes
 * @param maxWriteZeroes the most blocks of one {@link BlockOperation#WRITE_ZEROES}, 0 if it does
 *     none
 */
public record DiskGeometry(
    int blockSize,
    long blocks,
    int physicalBlockSize,
    int maxTransfer,
    int queueDepth,
    boolean volatileCache,
    boolean forceUnitAccess,
    boolean readOnly,
    int optimalTransfer,
    long maxDiscard,
    int discardGranularity,
    long maxWriteZeroes) {
  private static final int MIN_BLOCK = 512;
  private static final int MAX_BLOCK = 4096;
  private static final int DEFAULT_TRANSFER = 128 << 10;

  /** No request has more bytes than that. */
  public static final int MAX_TRANSFER = 1 << 20;

  /**
   * Checks it.
   *
   * @throws HardwareException if there is no such disk
   */
  public DiskGeometry {
    if (blockSize < MIN_BLOCK || blockSize > MAX_BLOCK || Integer.bitCount(blockSize) != 1) {
      throw new HardwareException("no disk has blocks of " + blockSize + " bytes");
    }
    if (blocks < 0 || blocks > Long.MAX_VALUE / blockSize) {
      throw new HardwareException("no disk has " + Long.toUnsignedString(blocks) + " blocks");
    }
    if (queueDepth < 1 || maxTransfer < MAX_BLOCK) {
      throw new HardwareException("a disk takes requests of a page at least, one at least");
    }
    maxTransfer = Math.min(maxTransfer, MAX_TRANSFER) & -MAX_BLOCK;
    physicalBlockSize = Math.max(physicalBlockSize, blockSize);
    discardGranularity = Math.max(discardGranularity, blockSize);
  }

  /** A plain disk: one request of up to 128 KiB at a time, no cache, no discard. */
  public static DiskGeometry of(int blockSize, long blocks) {
    return new DiskGeometry(
        blockSize, blocks, blockSize, DEFAULT_TRANSFER, 1, false, false, false, 0, 0, blockSize, 0);
  }

  /**
   * With other limits of the queue.
   *
   * @param transfer the most bytes of one request
   * @param depth how many requests at once
   */
  public DiskGeometry withQueue(int transfer, int depth) {
    return with(
        d -> {
          d.maxTransfer = transfer;
          d.queueDepth = depth;
        });
  }

  /**
   * With a cache that loses its contents with the power.
   *
   * @param fua whether the driver does FUA
   */
  public DiskGeometry withVolatileCache(boolean fua) {
    return with(
        d -> {
          d.volatileCache = true;
          d.forceUnitAccess = fua;
        });
  }

  /** As one that cannot be written. */
  public DiskGeometry asReadOnly() {
    return with(d -> d.readOnly = true);
  }

  /**
   * With discards.
   *
   * @param most blocks of one request
   * @param granularity bytes
   */
  public DiskGeometry withDiscard(long most, int granularity) {
    return with(
        d -> {
          d.maxDiscard = most;
          d.discardGranularity = granularity;
        });
  }

  /**
   * With zeros that need not be sent.
   *
   * @param most blocks of one request
   */
  public DiskGeometry withWriteZeroes(long most) {
    return with(d -> d.maxWriteZeroes = most);
  }

  /** All bytes. */
  public long bytes() {
    return blocks * blockSize;
  }

  private DiskGeometry with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.geometry();
  }

  /** A geometry whose properties can still change. */
  private static final class Draft {
    private final int blockSize;
    private final long blocks;
    private final int physicalBlockSize;
    private int maxTransfer;
    private int queueDepth;
    private boolean volatileCache;
    private boolean forceUnitAccess;
    private boolean readOnly;
    private final int optimalTransfer;
    private long maxDiscard;
    private int discardGranularity;
    private long maxWriteZeroes;

    Draft(DiskGeometry from) {
      blockSize = from.blockSize;
      blocks = from.blocks;
      physicalBlockSize = from.physicalBlockSize;
      maxTransfer = from.maxTransfer;
      queueDepth = from.queueDepth;
      volatileCache = from.volatileCache;
      forceUnitAccess = from.forceUnitAccess;
      readOnly = from.readOnly;
      optimalTransfer = from.optimalTransfer;
      maxDiscard = from.maxDiscard;
      discardGranularity = from.discardGranularity;
      maxWriteZeroes = from.maxWriteZeroes;
    }

    DiskGeometry geometry() {
      return new DiskGeometry(
          blockSize,
          blocks,
          physicalBlockSize,
          maxTransfer,
          queueDepth,
          volatileCache,
          forceUnitAccess,
          readOnly,
          optimalTransfer,
          maxDiscard,
          discardGranularity,
          maxWriteZeroes);
    }
  }
}
