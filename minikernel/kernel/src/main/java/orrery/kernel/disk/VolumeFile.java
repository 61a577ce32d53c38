package orrery.kernel.disk;

import static orrery.kernel.hw.PhysicalMemory.FRAME_SHIFT;
import static orrery.kernel.hw.PhysicalMemory.FRAME_SIZE;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.abi.OpenFlag;
import orrery.kernel.block.BlockStatus;
import orrery.kernel.fs.Inode;
import orrery.kernel.fs.OpenFile;
import orrery.kernel.memory.IoBuffer;
import orrery.kernel.memory.PageSource;
import orrery.kernel.wait.Caller;

/** An open block device. */
final class VolumeFile extends OpenFile implements AsynchronousFile {
  private static final int FALLOC_FL_KEEP_SIZE = 1;
  private static final int FALLOC_FL_PUNCH_HOLE = 2;
  private static final int FALLOC_FL_ZERO_RANGE = 16;
  private static final int FALLOC_FL_NO_HIDE_STALE = 4;

  /** Pages that the first of several reads in a row fetches ahead; each next one twice as many. */
  private static final int FIRST_AHEAD = 4;

  private static final int MOST_AHEAD = 256;

  /** In place of an answer: something has changed, the transfer can be tried again. */
  private static final long AGAIN = Long.MIN_VALUE + 1;

  private final Volume volume;
  private final PageCache cache;
  private VolumeRequests requests;

  /** Whether the call that is being made may not sleep. */
  private boolean inPlace;

  /** Failed writes that this file has told of. */
  private long toldErrors;

  /** The page that a read in a row would want next, and how many are then fetched. */
  private long expected;

  private int ahead = FIRST_AHEAD;

  VolumeFile(Inode node, int flags, Volume volume) {
    super(node, flags);
    this.volume = volume;
    this.cache = volume.cache();
    toldErrors = cache.writeErrors();
  }

  private boolean isDirect() {
    return (flags() & OpenFlag.O_DIRECT) != 0;
  }

  private boolean isSynchronous() {
    return (flags() & OpenFlag.O_DSYNC) != 0;
  }

  // ---- Reading ----

  @Override
  public long read(Caller c, IoBuffer to) {
    return readOn(c, to);
  }

  @Override
  public long readAt(Caller c, IoBuffer to, long offset) {
    if (c.unfinished() instanceof DirectTransfer t) {
      return finish(c, t);
    }
    if (volume.isGone()) {
      return -Errno.EIO;
    }
    long size = volume.size();
    if (isDirect()) {
      if (!isAligned(to, offset)) {
        return DirectTransfer.misaligned();
      }
      long length = Math.min(to.remaining(), size - offset);
      return length <= 0 ? 0 : transfer(c, to, offset, length, false);
    }
    resume(c, to);
    return readCached(c, to, offset, size);
  }

  private long readCached(Caller c, IoBuffer to, long offset, long size) {
    long at = offset + to.transferred();
    while (to.remaining() > 0 && at < size) {
      CachedPage p = cache.find(at >>> FRAME_SHIFT);
      if (p == null || !p.valid && !p.isBusy() && p.failure == BlockStatus.OK) {
        if (!fetch(at >>> FRAME_SHIFT, to.remaining()) && !makeRoom()) {
          return to.transferred() > 0 ? to.transferred() : -Errno.ENOMEM;
        }
        volume.queue().poll();
        p = cache.find(at >>> FRAME_SHIFT);
      }
      if (p == null || !p.valid) {
        if (p != null && p.failure != BlockStatus.OK) {
          long why = Volume.failure(p.failure);
          cache.forget(p);
          return to.transferred() > 0 ? to.transferred() : why;
        }
        return await(c, to.transferred());
      }
      int within = (int) at & FRAME_SIZE - 1;
      long n = Math.min(Math.min(FRAME_SIZE - within, to.remaining()), size - at);
      try {
        to.put(p.frame + within, n);
      } catch (ErrnoException e) {
        if (to.transferred() == 0) {
          throw e;
        }
        return to.transferred();
      }
      at += n;
    }
    return to.transferred();
  }

  /** Reads the page and as many as the read, or those before it, let expect. */
  private boolean fetch(long index, long bytes) {
    ahead = index == expected ? Math.min(ahead * 2, MOST_AHEAD) : FIRST_AHEAD;
    int pages = (int) Math.min(MOST_AHEAD, Math.max(ahead, bytes + FRAME_SIZE - 1 >>> FRAME_SHIFT));
    expected = index + pages;
    return volume.readAhead(index, pages);
  }

  /** Whether waiting may bring memory. */
  private boolean makeRoom() {
    if (cache.evict(1) > 0) {
      return true;
    }
    cache.startWriteBack();
    return !cache.isClean();
  }

  private long await(Caller c, long done) {
    if (inPlace) {
      return volume.awaitChange() ? AGAIN : -Errno.EIO;
    }
    c.progress(done);
    return c.sleepThroughSignals(volume.waiters());
  }

  /** Goes on behind what earlier attempts of the call did. */
  private static void resume(Caller c, IoBuffer io) {
    long behind = c.progress() - io.transferred();
    if (behind > 0) {
      io.skip(Math.min(behind, io.remaining()));
    }
  }

  // ---- Writing ----

  @Override
  public long write(Caller c, IoBuffer from) {
    return writeOn(c, from);
  }

  @Override
  public long writeAt(Caller c, IoBuffer from, long offset) {
    if (c.unfinished() instanceof DirectTransfer t) {
      return finish(c, t);
    }
    if (c.unfinished() instanceof SyncCall s) {
      return afterSync(c, s, c.progress());
    }
    if (volume.isGone()) {
      return -Errno.EIO;
    }
    long size = volume.size();
    if (isDirect()) {
      if (!isAligned(from, offset)) {
        return DirectTransfer.misaligned();
      }
      if (from.remaining() == 0) {
        return 0;
      }
      long length = Math.min(from.remaining(), size - offset);
      return length <= 0 ? -Errno.ENOSPC : transfer(c, from, offset, length, true);
    }
    resume(c, from);
    if (from.remaining() > 0 && offset >= size) {
      return -Errno.ENOSPC;
    }
    long n = writeCached(c, from, offset, size);
    return n > 0 && isSynchronous() ? startSync(c, n) : n;
  }

  private long writeCached(Caller c, IoBuffer from, long offset, long size) {
    long at = offset + from.transferred();
    while (from.remaining() > 0 && at < size) {
      if (cache.isOverfull()) {
        cache.startWriteBack();
        volume.queue().poll();
        if (cache.isOverfull()) {
          return await(c, at - offset);
        }
      }
      long index = at >>> FRAME_SHIFT;
      int within = (int) at & FRAME_SIZE - 1;
      long n = Math.min(Math.min(FRAME_SIZE - within, from.remaining()), size - at);
      boolean whole = n == cache.length(index);
      CachedPage p = cache.find(index);
      if (p == null) {
        p = cache.make(index);
        if (p == null) {
          if (makeRoom()) {
            volume.queue().poll();
            p = cache.find(index) == null ? cache.make(index) : cache.find(index);
          }
          if (p == null) {
            return cache.isClean() ? -Errno.ENOMEM : await(c, at - offset);
          }
        }
      }
      if (p.reading || !p.valid && !whole) {
        if (p.failure != BlockStatus.OK) {
          long why = Volume.failure(p.failure);
          cache.forget(p);
          return at > offset ? at - offset : why;
        }
        if (!p.reading) {
          fill(p);
        }
        volume.queue().poll();
        if (p.reading) {
          return await(c, at - offset);
        }
        continue;
      }
      try {
        from.get(p.frame + within, n);
      } catch (ErrnoException e) {
        if (p.valid) {
          cache.changed(p); // what came before the fault
        } else {
          cache.forget(p);
        }
        if (at == offset) {
          throw e;
        }
        return at - offset;
      }
      if (n < FRAME_SIZE && !p.valid) {
        cache.clearBehind(p, (int) n);
      }
      cache.changed(p);
      at += n;
    }
    return at - offset;
  }

  private void fill(CachedPage p) {
    volume.queue().plug();
    cache.fill(p);
    volume.queue().unplug();
  }

  // ---- Direct transfers ----

  private boolean isAligned(IoBuffer io, long offset) {
    int mask = volume.blockSize() - 1;
    return (offset & mask) == 0 && io.isAligned(DirectTransfer.MEMORY_MASK, mask);
  }

  private long transfer(Caller c, IoBuffer io, long offset, long length, boolean writing) {
    if (cache.count() > 0) {
      if (!cache.startWriteBack(offset, offset + length)) {
        volume.queue().poll();
        if (!cache.startWriteBack(offset, offset + length)) {
          return c.sleepThroughSignals(volume.waiters());
        }
      }
      if (writing) {
        cache.drop(offset, offset + length);
      }
    }
    DirectTransfer t = volume.transfers().take();
    t.begin(io, offset, length, writing, writing && isSynchronous(), true, null);
    if (!t.isDone()) {
      volume.queue().poll();
    }
    return t.isDone() ? t.take() : t.sleep(c);
  }

  private long finish(Caller c, DirectTransfer t) {
    if (!t.isDone()) {
      return t.sleep(c);
    }
    c.unfinished(null);
    return t.take();
  }

  @Override
  public long begin(Caller c, IoBuffer io, long offset, boolean writing, boolean safe, IoEnd end) {
    if (volume.isGone()) {
      return -Errno.EIO;
    }
    if (!isDirect()) {
      return throughCache(c, io, offset, writing, safe);
    }
    if (!isAligned(io, offset)) {
      return DirectTransfer.misaligned();
    }
    long length = Math.min(io.remaining(), volume.size() - offset);
    if (io.remaining() == 0 || length <= 0) {
      return writing && io.remaining() > 0 ? -Errno.ENOSPC : 0;
    }
    if (cache.count() > 0) {
      if (!cache.startWriteBack(offset, offset + length)) {
        volume.queue().poll();
        if (!cache.startWriteBack(offset, offset + length)
            && !volume.await(() -> cache.startWriteBack(offset, offset + length))) {
          return -Errno.EIO;
        }
      }
      if (writing) {
        cache.drop(offset, offset + length);
      }
    }
    volume.transfers().take().begin(io, offset, length, writing, safe, false, end);
    return BEGUN;
  }

  /** A cached transfer that does not sleep: it waits in place for what is not in memory. */
  private long throughCache(Caller c, IoBuffer io, long offset, boolean writing, boolean safe) {
    if (writing && io.remaining() > 0 && offset >= volume.size()) {
      return -Errno.ENOSPC;
    }
    inPlace = true;
    try {
      long n = AGAIN;
      while (n == AGAIN) {
        n =
            writing
                ? writeCached(c, io, offset, volume.size())
                : readCached(c, io, offset, volume.size());
      }
      if (n <= 0 || !writing || !safe) {
        return n;
      }
      long failed = syncInPlace();
      return failed != 0 ? failed : n;
    } finally {
      inPlace = false;
    }
  }

  @Override
  public long syncInPlace() {
    SyncCall s = new SyncCall(volume);
    while (!s.goOn()) {
      if (!volume.awaitChange() && !s.goOn()) {
        return -Errno.EIO;
      }
    }
    return failure(s);
  }

  @Override
  public void plug() {
    volume.queue().plug();
  }

  @Override
  public void unplug() {
    volume.queue().unplug();
  }

  @Override
  public void look() {
    volume.queue().poll();
  }

  // ---- Making safe ----

  @Override
  public long sync(Caller c) {
    if (c.unfinished() instanceof SyncCall s) {
      return afterSync(c, s, 0);
    }
    return startSync(c, 0);
  }

  private long startSync(Caller c, long answer) {
    SyncCall s = new SyncCall(volume);
    c.progress(answer);
    return afterSync(c, s, answer);
  }

  private long afterSync(Caller c, SyncCall s, long answer) {
    if (!s.isDone(c)) {
      c.progress(answer);
      return Caller.BLOCKED;
    }
    long failed = failure(s);
    return failed != 0 ? failed : answer;
  }

  /** What went wrong since this file told last; 0 if nothing. */
  private long failure(SyncCall s) {
    boolean failed = toldErrors != cache.writeErrors();
    toldErrors = cache.writeErrors();
    if (failed) {
      return Volume.failure(cache.writeError());
    }
    return s.status() == BlockStatus.OK ? 0 : Volume.failure(s.status());
  }

  // ---- The rest ----

  @Override
  public long seek(Caller c, long offset, int whence) {
    return seekWithin(offset, whence, volume.size());
  }

  @Override
  public boolean isPollable() {
    return false;
  }

  @Override
  public PageSource mapping() {
    return cache;
  }

  @Override
  public long ioctl(Caller c, int request, long argument) {
    if (requests == null) {
      requests = new VolumeRequests(volume, this);
    }
    return requests.make(c, request, argument);
  }

  @Override
  public long allocate(Caller c, int mode, long offset, long length) {
    if (requests == null) {
      requests = new VolumeRequests(volume, this);
    }
    return switch (mode) {
      case FALLOC_FL_ZERO_RANGE,
          FALLOC_FL_ZERO_RANGE | FALLOC_FL_KEEP_SIZE,
          FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE ->
          requests.clear(c, offset, length, true);
      case FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE | FALLOC_FL_NO_HIDE_STALE ->
          requests.clear(c, offset, length, false);
      default -> -Errno.EOPNOTSUPP;
    };
  }

  @Override
  protected void release() {
    volume.closed(this);
  }
}
