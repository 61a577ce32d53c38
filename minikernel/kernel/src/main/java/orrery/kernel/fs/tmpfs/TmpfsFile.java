package orrery.kernel.fs.tmpfs;

import static orrery.kernel.hw.PhysicalMemory.FRAME_SHIFT;
import static orrery.kernel.hw.PhysicalMemory.FRAME_SIZE;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.fs.Inode;
import orrery.kernel.fs.OpenFile;
import orrery.kernel.hw.PhysicalMemory;
import orrery.kernel.memory.FileMappings;
import orrery.kernel.memory.FrameAllocator;
import orrery.kernel.memory.IoBuffer;
import orrery.kernel.memory.PageSource;
import orrery.kernel.wait.Caller;

/**
 * A regular file of a tmpfs: its pages are page frames, each with one reference of the file's;
 * pages that were never written are holes.
 */
public final class TmpfsFile extends Inode implements PageSource {
  private static final int OFFSET_MASK = FRAME_SIZE - 1;
  private static final int SECTORS_PER_PAGE = 8;

  private final Tmpfs fs;
  private final PhysicalMemory memory;
  private final FrameAllocator frames;
  private final PageIndex pages;
  private final FileMappings mappings = new FileMappings();
  private long size;
  private int seals = FileSeal.F_SEAL_SEAL;
  private boolean linkable;

  TmpfsFile(Tmpfs fs, long number, int mode, int uid, int gid) {
    super(fs, number, mode, uid, gid);
    this.fs = fs;
    this.memory = fs.memory();
    this.frames = fs.frames();
    this.pages = new PageIndex(fs.budget());
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public long blocks() {
    return pages.count() * SECTORS_PER_PAGE;
  }

  @Override
  public OpenFile open(Caller c, int flags) {
    return new TmpfsOpenFile(this, flags);
  }

  @Override
  public boolean isLinkable() {
    return linkable;
  }

  void linkable(boolean yes) {
    linkable = yes;
  }

  /** What may no longer be done to it, {@link FileSeal} bits. */
  public int seals() {
    return seals;
  }

  /** Sets the seals; memfd_create starts with none or with F_SEAL_SEAL. */
  public void seals(int s) {
    seals = s;
  }

  /** Whether a shared mapping can write to it. */
  public boolean isMappedWritable() {
    return mappings.anyWritable();
  }

  @Override
  protected void evicted() {
    long n = pages.count();
    pages.clear(0, Long.MAX_VALUE, frames);
    fs.pagesGone(n);
    fs.inodeGone();
  }

  /**
   * Reads from {@code offset} into {@code to} until the end of the file or of the buffer.
   *
   * @throws ErrnoException EFAULT; {@link IoBuffer#transferred} tells how far it got
   */
  void read(IoBuffer to, long offset) {
    long at = offset;
    while (at < size && to.remaining() > 0) {
      int within = (int) at & OFFSET_MASK;
      long n = Math.min(Math.min(FRAME_SIZE - within, to.remaining()), size - at);
      long frame = pages.get(at >>> FRAME_SHIFT);
      if (frame != 0) {
        to.put(frame + within, n);
      } else {
        to.putZeros(n);
      }
      at += n;
    }
  }

  /**
   * Writes all of {@code from} at {@code offset}, growing the file.
   *
   * @throws ErrnoException EFAULT, ENOSPC, EFBIG, EPERM (sealed); {@link IoBuffer#transferred}
   *     tells how far it got
   */
  void write(IoBuffer from, long offset) {
    if (from.remaining() == 0) {
      return;
    }
    if (offset + from.remaining() < 0) {
      throw ErrnoException.of(Errno.EFBIG);
    }
    if ((seals & (FileSeal.F_SEAL_WRITE | FileSeal.F_SEAL_FUTURE_WRITE)) != 0
        || (seals & FileSeal.F_SEAL_GROW) != 0 && offset + from.remaining() > size) {
      throw ErrnoException.of(Errno.EPERM);
    }
    long at = offset;
    try {
      while (from.remaining() > 0) {
        int within = (int) at & OFFSET_MASK;
        int n = (int) Math.min(FRAME_SIZE - within, from.remaining());
        long before = from.remaining();
        try {
          writePage(at >>> FRAME_SHIFT, within, from, n);
        } finally {
          at += before - from.remaining();
        }
      }
    } finally {
      if (at > offset) {
        if (at > size) {
          size = at;
        }
        noteModification();
      }
    }
  }

  private void writePage(long index, int within, IoBuffer from, int n) {
    long frame = pages.get(index);
    if (frame != 0) {
      from.get(frame + within, n);
      return;
    }
    frame = fs.newPage(n != FRAME_SIZE);
    try {
      pages.set(index, frame);
    } catch (ErrnoException e) {
      frames.release(frame);
      fs.pagesGone(1);
      throw e;
    }
    if (n != FRAME_SIZE) {
      from.get(frame + within, n);
      return;
    }
    long before = from.remaining();
    try {
      from.get(frame, n);
    } catch (ErrnoException e) {
      int done = (int) (before - from.remaining());
      memory.zero(frame + done, FRAME_SIZE - done); // what was in the frame is nobody's business
      throw e;
    }
  }

  @Override
  public void truncate(long newSize) {
    if (newSize < size && (seals & FileSeal.F_SEAL_SHRINK) != 0
        || newSize > size && (seals & FileSeal.F_SEAL_GROW) != 0) {
      throw ErrnoException.of(Errno.EPERM);
    }
    if (newSize < size) {
      long firstGone = newSize + FRAME_SIZE - 1 >>> FRAME_SHIFT;
      size = newSize;
      mappings.truncate(firstGone);
      zeroWithin(newSize, firstGone << FRAME_SHIFT);
      release(firstGone, Long.MAX_VALUE);
    } else {
      size = newSize;
    }
    noteModification();
  }

  private void release(long from, long to) {
    long before = pages.count();
    pages.clear(from, to, frames);
    fs.pagesGone(before - pages.count());
  }

  /** Zeros bytes {@code from} up to {@code to}, which lie in one page. */
  private void zeroWithin(long from, long to) {
    long frame = from < to ? pages.get(from >>> FRAME_SHIFT) : 0;
    if (frame != 0) {
      memory.zero(frame + (from & OFFSET_MASK), to - from);
    }
  }

  /** fallocate(2): gives every page in the range a frame. */
  void allocate(long offset, long length, boolean keepSize) {
    long end = offset + length;
    if (!keepSize && end > size && (seals & FileSeal.F_SEAL_GROW) != 0) {
      throw ErrnoException.of(Errno.EPERM);
    }
    long last = end - 1 >>> FRAME_SHIFT;
    long first = offset >>> FRAME_SHIFT;
    if (last - first >= fs.freeBlocks() + pages.count()) {
      throw ErrnoException.of(Errno.ENOSPC); // before filling all memory in vain
    }
    for (long i = pages.nextHole(first); i <= last; i = pages.nextHole(i + 1)) {
      fill(i);
    }
    if (!keepSize && end > size) {
      size = end;
    }
    noteChange();
  }

  /** fallocate(2) with FALLOC_FL_PUNCH_HOLE. */
  void punchHole(long offset, long length) {
    if ((seals & (FileSeal.F_SEAL_WRITE | FileSeal.F_SEAL_FUTURE_WRITE)) != 0) {
      throw ErrnoException.of(Errno.EPERM);
    }
    long end = offset + length;
    long firstWhole = offset + FRAME_SIZE - 1 >>> FRAME_SHIFT;
    long lastWhole = end >>> FRAME_SHIFT; // not included
    if (firstWhole > lastWhole) {
      zeroWithin(offset, end);
    } else {
      zeroWithin(offset, firstWhole << FRAME_SHIFT);
      zeroWithin(lastWhole << FRAME_SHIFT, end);
      mappings.invalidate(firstWhole, lastWhole);
      release(firstWhole, lastWhole);
    }
    noteModification();
  }

  /** A zeroed frame for the hole at page {@code index}; throws ENOSPC. */
  private long fill(long index) {
    long frame = fs.newPage(true);
    try {
      pages.set(index, frame);
    } catch (ErrnoException e) {
      frames.release(frame);
      fs.pagesGone(1);
      throw e;
    }
    return frame;
  }

  /** Makes frames that hold file data already the file's first pages; each brings a reference. */
  public void adopt(long firstFrame, long count) {
    for (long i = 0; i < count; i++) {
      pages.set(i, firstFrame + (i << FRAME_SHIFT));
    }
    fs.pagesAdopted(count);
    size = Math.max(size, count << FRAME_SHIFT);
  }

  /** Writes {@code length} bytes at {@code offset}; for the loader of the initial root. */
  public void append(byte[] data, int from, int length, long offset) {
    int done = 0;
    while (done < length) {
      long at = offset + done;
      int within = (int) at & OFFSET_MASK;
      int n = Math.min(FRAME_SIZE - within, length - done);
      long frame = pages.get(at >>> FRAME_SHIFT);
      if (frame == 0) {
        frame = fill(at >>> FRAME_SHIFT);
      }
      memory.copyIn(data, from + done, frame + within, n);
      done += n;
    }
    size = Math.max(size, offset + length);
  }

  /** As the other, from physical memory. */
  public void append(long data, long length, long offset) {
    long done = 0;
    while (done < length) {
      long at = offset + done;
      int within = (int) at & OFFSET_MASK;
      long n = Math.min(FRAME_SIZE - within, length - done);
      long frame = pages.get(at >>> FRAME_SHIFT);
      if (frame == 0) {
        frame = fill(at >>> FRAME_SHIFT);
      }
      memory.copy(data + done, frame + within, n);
      done += n;
    }
    size = Math.max(size, offset + length);
  }

  /** The first byte from {@code offset} on that has a page; -1 if none has. */
  long nextData(long offset) {
    if (offset >= size) {
      return -1;
    }
    long page = pages.nextPresent(offset >>> FRAME_SHIFT);
    if (page < 0 || page << FRAME_SHIFT >= size) {
      return -1;
    }
    return Math.max(offset, page << FRAME_SHIFT);
  }

  /** The first byte from {@code offset} on (before the end) that lies in a hole or at the end. */
  long nextHole(long offset) {
    long page = pages.nextHole(offset >>> FRAME_SHIFT);
    return Math.min(size, Math.max(offset, page << FRAME_SHIFT));
  }

  @Override
  public long page(long index) {
    if (index < 0 || index >= size + FRAME_SIZE - 1 >>> FRAME_SHIFT) {
      return FrameAllocator.NONE;
    }
    long frame = pages.get(index);
    if (frame == 0) {
      try {
        frame = fill(index);
      } catch (ErrnoException e) {
        return FrameAllocator.NONE; // no space: SIGBUS, as in Linux
      }
    }
    frames.share(frame);
    return frame;
  }

  @Override
  public long residentPage(long index) {
    long frame = index >= 0 && index << FRAME_SHIFT < size ? pages.get(index) : 0;
    if (frame == 0) {
      return FrameAllocator.NONE;
    }
    frames.share(frame);
    return frame;
  }

  @Override
  public FileMappings mappings() {
    return mappings;
  }

  @Override
  public void mapped() {
    hold();
  }

  @Override
  public void unmapped() {
    drop();
  }

  @Override
  public long device() {
    return fs.device();
  }
}
