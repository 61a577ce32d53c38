package orrery.kernel.disk;

import orrery.kernel.block.BlockIo;
import orrery.kernel.block.BlockStatus;

/** A page of a volume in memory, and the one transfer of it that can be under way. */
final class CachedPage extends BlockIo {
  final PageCache cache;
  long index;
  long frame;

  /** Whether the frame holds what the volume does, or what it is to hold. */
  boolean valid;

  /** Whether the volume does not hold yet what the frame does. */
  boolean dirty;

  boolean reading;
  boolean writing;

  /** Whether it was given to mappings: programs may write it unseen. */
  boolean mapped;

  /** Why it could not be read. */
  BlockStatus failure = BlockStatus.OK;

  // maintained by the cache
  CachedPage nextOfBucket;
  CachedPage older;
  CachedPage newer;
  CachedPage nextDirty;
  CachedPage previousDirty;

  CachedPage(PageCache cache) {
    this.cache = cache;
  }

  void begin(long itsIndex, long itsFrame) {
    index = itsIndex;
    frame = itsFrame;
    valid = false;
    dirty = false;
    reading = false;
    writing = false;
    mapped = false;
    failure = BlockStatus.OK;
  }

  boolean isBusy() {
    return reading || writing;
  }

  @Override
  protected void finished(BlockStatus how) {
    cache.finished(this, how);
  }
}
