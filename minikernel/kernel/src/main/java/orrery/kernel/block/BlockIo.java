package orrery.kernel.block;

/**
 * Something that waits for requests: one read, write or flush of a file, however many requests that
 * becomes. The submitter holds it with {@link #begin} until it has submitted all of it. May be used
 * again. Nothing here allocates.
 */
public abstract class BlockIo {
  private int parts;
  private BlockStatus status = BlockStatus.OK;

  /** For kinds of them. */
  protected BlockIo() {}

  /** Its submitter begins. */
  public final void begin() {
    if (parts != 0) {
      throw new IllegalStateException("I/O begins that is under way");
    }
    parts = 1;
    status = BlockStatus.OK;
  }

  /** Its submitter has submitted all of it. */
  public final void submitted() {
    ended(BlockStatus.OK);
  }

  /** Its submitter could not submit all of it. */
  public final void failed(BlockStatus why) {
    ended(why);
  }

  /** How it went so far. */
  public final BlockStatus status() {
    return status;
  }

  /** Whether it has begun and not ended. */
  public final boolean isUnderWay() {
    return parts != 0;
  }

  final void began() {
    parts++;
  }

  final void ended(BlockStatus how) {
    if (how != BlockStatus.OK && status == BlockStatus.OK) {
      status = how;
    }
    if (--parts == 0) {
      finished(status);
    }
  }

  /** All of it has ended; in any context. */
  protected abstract void finished(BlockStatus how);
}
