package orrery.kernel.block;

/** What a request wants of a disk. */
public enum BlockOperation {
  /** The device fills the pages. */
  READ,
  /** The device takes what the pages hold. */
  WRITE,
  /** What was written is to survive a loss of power; no blocks, no pages. */
  FLUSH,
  /** The blocks' contents are not needed any more; no pages. */
  DISCARD,
  /** The blocks read as zeros from now on; no pages. */
  WRITE_ZEROES
}
