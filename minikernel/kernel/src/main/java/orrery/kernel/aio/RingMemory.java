package orrery.kernel.aio;

import static orrery.kernel.hw.PhysicalMemory.FRAME_SHIFT;
import static orrery.kernel.hw.PhysicalMemory.FRAME_SIZE;

import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.hw.PhysicalMemory;
import orrery.kernel.memory.FileMappings;
import orrery.kernel.memory.FrameAllocator;
import orrery.kernel.memory.PageSource;

/**
 * Memory that the kernel shares with a program: pages at one or more places of what mmap(2) calls
 * the file. What the kernel reads there may be anything.
 */
public final class RingMemory implements PageSource {
  private final FrameAllocator frames;
  private final PhysicalMemory memory;
  private final FileMappings mappings = new FileMappings();
  private final long[] places;
  private final int[] parts;
  private final long[][] pages;
  private final Runnable unused;
  private int users;
  private boolean released;

  /**
   * Pages full of zeros.
   *
   * @param lengths of the parts, bytes
   * @param places offsets in the file at which parts are found, bytes, ascending
   * @param parts which part is found at each place
   * @param unused called when the last mapping has gone
   * @throws ErrnoException ENOMEM
   */
  public RingMemory(
      FrameAllocator frames, long[] lengths, long[] places, int[] parts, Runnable unused) {
    this.frames = frames;
    this.memory = frames.memory();
    this.places = places.clone();
    this.parts = parts.clone();
    this.unused = unused;
    pages = new long[lengths.length][];
    for (int i = 0; i < lengths.length; i++) {
      pages[i] = new long[(int) (lengths[i] + FRAME_SIZE - 1 >>> FRAME_SHIFT)];
      for (int k = 0; k < pages[i].length; k++) {
        long frame = frames.allocateZeroed();
        if (frame == FrameAllocator.NONE) {
          release();
          throw ErrnoException.of(Errno.ENOMEM);
        }
        pages[i][k] = frame;
      }
    }
  }

  /** Gives the pages back; those that are mapped stay until they are unmapped. */
  public void release() {
    if (released) {
      return;
    }
    released = true;
    for (long[] part : pages) {
      for (int k = 0; part != null && k < part.length; k++) {
        if (part[k] != 0) {
          frames.release(part[k]);
        }
      }
    }
  }

  private long at(int part, long offset) {
    return pages[part][(int) (offset >>> FRAME_SHIFT)] + (offset & FRAME_SIZE - 1);
  }

  /** Reads 32 bits. */
  public int readInt(int part, long offset) {
    return memory.readInt(at(part, offset));
  }

  /** Writes 32 bits. */
  public void writeInt(int part, long offset, int value) {
    memory.writeInt(at(part, offset), value);
  }

  /** Reads 64 bits. */
  public long readLong(int part, long offset) {
    return memory.readLong(at(part, offset));
  }

  /** Writes 64 bits. */
  public void writeLong(int part, long offset, long value) {
    memory.writeLong(at(part, offset), value);
  }

  /** Reads bytes that do not cross a page's border. */
  public void read(int part, long offset, byte[] to, int length) {
    memory.copyOut(at(part, offset), to, 0, length);
  }

  @Override
  public long page(long index) {
    for (int i = 0; i < places.length && !released; i++) {
      long k = index - (places[i] >>> FRAME_SHIFT);
      long[] part = pages[parts[i]];
      if (k >= 0 && k < part.length) {
        frames.share(part[(int) k]);
        return part[(int) k];
      }
    }
    return FrameAllocator.NONE;
  }

  @Override
  public long residentPage(long index) {
    return page(index);
  }

  @Override
  public long size() {
    int last = places.length - 1;
    return places[last] + ((long) pages[parts[last]].length << FRAME_SHIFT);
  }

  @Override
  public FileMappings mappings() {
    return mappings;
  }

  @Override
  public void mapped() {
    users++;
  }

  @Override
  public void unmapped() {
    if (--users == 0) {
      unused.run();
    }
  }
}
