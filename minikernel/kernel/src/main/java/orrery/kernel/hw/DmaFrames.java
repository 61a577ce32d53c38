package orrery.kernel.hw;

/** Where memory for DMA comes from: page frames side by side. */
public interface DmaFrames {
  /** The answer if there is no memory. */
  long NONE = -1;

  /**
   * Takes frames that lie side by side, aligned to all of their length, with undefined contents.
   *
   * @param frames a power of two
   * @return the physical address of the first, or {@link #NONE}
   */
  long allocate(int frames);

  /** Gives one frame back. */
  void release(long frame);
}
