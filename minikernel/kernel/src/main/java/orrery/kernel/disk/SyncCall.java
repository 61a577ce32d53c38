package orrery.kernel.disk;

import java.util.ArrayList;
import java.util.List;
import orrery.kernel.block.BlockIo;
import orrery.kernel.block.BlockOperation;
import orrery.kernel.block.BlockStatus;
import orrery.kernel.block.RequestQueue;
import orrery.kernel.wait.Caller;
import orrery.kernel.wait.Unfinished;
import orrery.kernel.wait.WaitQueue;

/**
 * fsync(2) or sync(2) of volumes: writes what is changed, then has the disks' caches flushed.
 * Looked at until it is done.
 */
final class SyncCall extends BlockIo implements Unfinished {
  private final List<Volume> volumes;
  private final WaitQueue flushed = new WaitQueue();
  private final boolean flushes;
  private final long errorsBefore;
  private int volume;
  private boolean started;
  private boolean flushing;
  private boolean done;

  /** Of one volume. */
  SyncCall(Volume volume) {
    this(List.of(volume), true);
  }

  /**
   * Of several volumes.
   *
   * @param flushes whether the disks' caches are flushed too
   */
  SyncCall(List<Volume> volumes, boolean flushes) {
    this.volumes = new ArrayList<>(volumes);
    this.flushes = flushes;
    this.errorsBefore = errors();
  }

  private long errors() {
    long n = 0;
    for (Volume v : volumes) {
      n += v.cache().writeErrors();
    }
    return n;
  }

  /** Whether pages could not be written since it began. */
  boolean lostWrites() {
    return errors() != errorsBefore;
  }

  /**
   * What {@code c} has begun and not finished, or a new one of {@code volume}.
   *
   * @param flushes whether the disk's cache is flushed too
   */
  static SyncCall of(Caller c, Volume volume, boolean flushes) {
    return c.unfinished() instanceof SyncCall begun
        ? begun
        : new SyncCall(List.of(volume), flushes);
  }

  /** Goes on for a program; true when it is done, else the program sleeps. */
  boolean isDone(Caller c) {
    if (goOn()) {
      c.unfinished(null);
      return true;
    }
    c.unfinished(this);
    c.sleepThroughSignals(waiters());
    return false;
  }

  /** What to wait for until it can go on. */
  WaitQueue waiters() {
    return flushing ? flushed : volumes.get(volume).waiters();
  }

  /** Goes on as far as it can; whether it is done. */
  boolean goOn() {
    if (done) {
      return true;
    }
    if (!started) {
      started = true;
      for (Volume v : volumes) {
        v.cache().startWriteBack();
      }
    }
    while (volume < volumes.size() && !flushing) {
      Volume v = volumes.get(volume);
      if (!v.cache().isClean()) {
        v.queue().poll();
      }
      if (!v.cache().isClean() && !v.isGone()) {
        v.cache().startWriteBack(); // what was changed meanwhile, too
        return false;
      }
      volume++;
    }
    if (!flushing) {
      flush();
    }
    return done;
  }

  private void flush() {
    flushing = true;
    begin();
    List<RequestQueue> queues = new ArrayList<>();
    for (Volume v : volumes) {
      if (flushes && !queues.contains(v.queue()) && !v.isGone()) {
        queues.add(v.queue());
        v.queue().command(this, BlockOperation.FLUSH, 0, 0);
      }
    }
    submitted();
    for (RequestQueue queue : queues) {
      if (!done) {
        queue.poll();
      }
    }
  }

  @Override
  protected void finished(BlockStatus how) {
    done = true;
    flushed.wakeAll();
  }

  @Override
  public void abandoned() {
    // What was begun goes on, and nobody asks for its end.
    volumes.clear();
    volume = 0;
  }
}
