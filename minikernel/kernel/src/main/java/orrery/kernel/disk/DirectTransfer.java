package orrery.kernel.disk;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.block.BlockIo;
import orrery.kernel.block.BlockOperation;
import orrery.kernel.block.BlockStatus;
import orrery.kernel.block.RequestQueue;
import orrery.kernel.memory.IoBuffer;
import orrery.kernel.wait.Caller;
import orrery.kernel.wait.Unfinished;
import orrery.kernel.wait.WaitQueue;

/**
 * One read or write between a volume and a program's own memory (O_DIRECT): the device moves the
 * data, nothing is copied. Used again and again.
 */
final class DirectTransfer extends BlockIo implements Unfinished {
  /** Memory of a transfer is aligned to four bytes, as NVMe asks (Linux: dma_alignment). */
  static final long MEMORY_MASK = 3;

  private final Volume volume;
  private final WaitQueue waiters = new WaitQueue();
  private DirectTransfer next;
  private IoEnd end;
  private long offset;
  private long bytes;
  private boolean writes;
  private boolean flushes;
  private boolean done;
  private boolean abandoned;

  /** Those of one volume that are not in use. */
  static final class Pool {
    private final Volume volume;
    private DirectTransfer first;

    Pool(Volume volume) {
      this.volume = volume;
    }

    DirectTransfer take() {
      DirectTransfer t = first;
      if (t == null) {
        return new DirectTransfer(volume);
      }
      first = t.next;
      return t;
    }
  }

  private DirectTransfer(Volume volume) {
    this.volume = volume;
  }

  /**
   * Begins.
   *
   * @param length bytes, whole blocks, at most as many as the buffer has
   * @param forced whether a write is to be safe from a loss of power when it ends
   * @param polled whether the caller looks for its end
   * @param ended told of the end; null if the caller waits
   * @throws ErrnoException EFAULT if the program has not even a block of such memory
   */
  void begin(
      IoBuffer buffer,
      long at,
      long length,
      boolean writing,
      boolean forced,
      boolean polled,
      IoEnd ended) {
    RequestQueue queue = volume.queue();
    long whole = touch(buffer, length, writing);
    boolean cached = queue.geometry().volatileCache();
    offset = at;
    bytes = whole;
    writes = writing;
    flushes = forced && cached && !queue.geometry().forceUnitAccess();
    boolean unitAccess = forced && cached && !flushes;
    end = ended;
    done = false;
    abandoned = false;
    begin();
    queue.plug();
    BlockOperation operation = writing ? BlockOperation.WRITE : BlockOperation.READ;
    long position = volume.start() + at;
    for (long left = whole; left > 0; ) {
      int part = (int) Math.min(left, buffer.run());
      long address = buffer.address(!writing);
      int within = (int) address & 0xfff;
      queue.transfer(this, operation, position, address - within, within, part, unitAccess, polled);
      buffer.skip(part);
      position += part;
      left -= part;
    }
    submitted();
    queue.unplug();
  }

  /** Makes the pages present; how many bytes of them there are, in whole blocks. */
  private long touch(IoBuffer buffer, long length, boolean writing) {
    long there = 0;
    try {
      while (there < length) {
        int part = (int) Math.min(length - there, buffer.run());
        buffer.address(!writing);
        buffer.skip(part);
        there += part;
      }
    } catch (ErrnoException e) {
      there &= -volume.blockSize();
      if (there == 0) {
        recycle();
        throw e;
      }
    }
    buffer.rewind();
    return there;
  }

  boolean isDone() {
    return done;
  }

  /** The caller sleeps until it is done. */
  long sleep(Caller c) {
    c.unfinished(this);
    return c.sleepThroughSignals(waiters);
  }

  /** What the call returns; ends the use of this. */
  long take() {
    long result = result();
    recycle();
    return result;
  }

  private long result() {
    return status() == BlockStatus.OK ? bytes : Volume.failure(status());
  }

  private void recycle() {
    end = null;
    next = volume.transfers().first;
    volume.transfers().first = this;
  }

  @Override
  protected void finished(BlockStatus how) {
    if (flushes && how == BlockStatus.OK) {
      flushes = false;
      begin();
      volume.queue().command(this, BlockOperation.FLUSH, 0, 0);
      submitted();
      return;
    }
    if (writes && volume.cache().count() > 0) {
      volume.cache().drop(offset, offset + bytes);
    }
    done = true;
    IoEnd told = end;
    if (told != null) {
      long result = result();
      recycle();
      told.ended(result);
    } else if (abandoned) {
      recycle();
    } else {
      waiters.wakeAll();
    }
  }

  @Override
  public void abandoned() {
    if (done) {
      recycle();
    } else {
      abandoned = true;
    }
  }

  /** The answer to memory or offsets that are not aligned. */
  static long misaligned() {
    return -Errno.EINVAL;
  }
}
