package orrery.kernel.disk;

import orrery.kernel.block.BlockIo;
import orrery.kernel.block.BlockOperation;
import orrery.kernel.block.BlockStatus;
import orrery.kernel.wait.Unfinished;
import orrery.kernel.wait.WaitQueue;

/** BLKDISCARD or BLKZEROOUT of a range, while it is under way. */
final class ClearCall extends BlockIo implements Unfinished {
  private final Volume volume;
  private final WaitQueue waiters = new WaitQueue();
  private final long from;
  private final long to;
  private final BlockOperation operation;
  private boolean started;
  private boolean done;

  /**
   * @param operation {@link BlockOperation#DISCARD}, {@link BlockOperation#WRITE_ZEROES}, or {@link
   *     BlockOperation#WRITE} to write zeros as data
   */
  ClearCall(Volume volume, BlockOperation operation, long from, long to) {
    this.volume = volume;
    this.operation = operation;
    this.from = from;
    this.to = to;
  }

  WaitQueue waiters() {
    return started ? waiters : volume.waiters();
  }

  /** Goes on as far as it can; whether it is done. */
  boolean goOn() {
    if (!started) {
      if (!volume.cache().startWriteBack(from, to)) {
        volume.queue().poll();
        if (!volume.cache().startWriteBack(from, to)) {
          return false;
        }
      }
      volume.cache().drop(from, to);
      start();
      if (!done) {
        volume.queue().poll();
      }
    }
    return done;
  }

  private void start() {
    started = true;
    begin();
    if (operation == BlockOperation.WRITE) {
      writeZeros();
    } else {
      volume.queue().command(this, operation, volume.start() + from, to - from);
    }
    submitted();
  }

  private void writeZeros() {
    long zeros = volume.zeroFrame();
    volume.queue().plug();
    for (long at = from; at < to; ) {
      int n = (int) Math.min(to - at, 4096);
      volume.queue().transfer(this, operation, volume.start() + at, zeros, 0, n, false, false);
      at += n;
    }
    volume.queue().unplug();
  }

  @Override
  protected void finished(BlockStatus how) {
    volume.cache().drop(from, to);
    done = true;
    waiters.wakeAll();
  }

  @Override
  public void abandoned() {
    // What was begun goes on, and nobody asks for its end.
    waiters.wakeAll();
  }
}
