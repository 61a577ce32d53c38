package orrery.kernel.memory;

import static orrery.kernel.hw.PhysicalMemory.FRAME_SHIFT;
import static orrery.kernel.hw.PhysicalMemory.FRAME_SIZE;

import java.util.function.BooleanSupplier;
import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.hw.PhysicalMemory;

/**
 * Page frames with reference counts, named by physical address. The frames of a page table entry,
 * of a file's page and of a kernel buffer are counted alike: whoever drops the last reference frees
 * the frame.
 *
 * <p>Frames that were never used are handed out in ascending order, freed ones last in, first out
 * (they are warm in the host's cache). A frame that gets a new use loses its translated code.
 */
public final class FrameAllocator {
  /** What {@link #allocate} answers when no frame is left. */
  public static final long NONE = -1;

  private static final int END_OF_LIST = -1;

  private final PhysicalMemory memory;
  private final long base;
  private final int total;

  /**
   * 0: never used; positive: references; negative: freed, {@link #link} of the next freed frame.
   */
  private final int[] references;

  /** 1 for a frame that a program may write through a mapping, or could. */
  private final byte[] writtenByProgram;

  private int firstFree = END_OF_LIST;
  private int neverUsed;
  private int free;

  /** Asked for frames when none is left; whether it gave any back. */
  private BooleanSupplier reclaimer = () -> false;

  /** All of {@code memory} is free. */
  public FrameAllocator(PhysicalMemory memory) {
    this.memory = memory;
    this.base = memory.base();
    this.total = (int) (memory.size() >>> FRAME_SHIFT);
    this.references = new int[total];
    this.writtenByProgram = new byte[total];
    this.free = total;
  }

  /** When no frame is left, {@code r} is asked to give some back, and says whether it did. */
  public void reclaimer(BooleanSupplier r) {
    reclaimer = r;
  }

  /** The memory that the frames lie in. */
  public PhysicalMemory memory() {
    return memory;
  }

  /**
   * Takes the frames that overlap a range out of use before the first allocation, each with one
   * reference: {@link #release} gives one back. For what the boot loader left in RAM.
   */
  public void reserve(long address, long length) {
    if (length == 0) {
      return;
    }
    int last = index(address + length - 1);
    for (int i = index(address); i <= last; i++) {
      if (references[i] == 0) {
        references[i] = 1;
        free--;
      }
    }
  }

  /**
   * A frame with one reference and undefined contents.
   *
   * @return its physical address, or {@link #NONE}
   */
  public long allocate() {
    int index = firstFree;
    if (index != END_OF_LIST) {
      firstFree = link(references[index]);
    } else {
      index = nextNeverUsed();
      if (index == END_OF_LIST) {
        return reclaimer.getAsBoolean() ? allocate() : NONE;
      }
    }
    references[index] = 1;
    writtenByProgram[index] = 0;
    free--;
    long frame = base + ((long) index << FRAME_SHIFT);
    memory.forgetCode(frame);
    return frame;
  }

  /**
   * Frames that lie side by side, aligned to all of their length, each with one reference and
   * undefined contents, for devices. They come from the end of what was never used if they can,
   * else from wherever enough free frames lie together, whatever they were used for.
   *
   * @param count a power of two
   * @return the physical address of the first, or {@link #NONE}
   */
  public long allocateRun(int count) {
    if (Integer.bitCount(count) != 1) {
      throw new IllegalArgumentException(count + " frames are no power of two");
    }
    if (count == 1) {
      return allocate();
    }
    int first = findRun(count, neverUsed);
    if (first == END_OF_LIST) {
      first = findRun(count, 0);
    }
    if (first == END_OF_LIST) {
      return NONE;
    }
    unlinkFree(first, count);
    for (int taken = first; taken < first + count; taken++) {
      references[taken] = 1;
      writtenByProgram[taken] = 0;
      memory.forgetCode(base + ((long) taken << FRAME_SHIFT));
    }
    free -= count;
    return base + ((long) first << FRAME_SHIFT);
  }

  /** The last run of free frames from {@code low} on, or {@link #END_OF_LIST}. */
  private int findRun(int count, int low) {
    int alignment = (int) (base >>> FRAME_SHIFT & count - 1);
    int first = (total + alignment & -count) - alignment - count;
    for (; first >= low; first -= count) {
      int i = first;
      while (i < first + count && references[i] <= 0) {
        i++;
      }
      if (i == first + count) {
        return first;
      }
    }
    return END_OF_LIST;
  }

  /** Takes those of a run that were freed out of the list; as long as the list. */
  private void unlinkFree(int first, int count) {
    int last = END_OF_LIST;
    for (int i = firstFree; i != END_OF_LIST; ) {
      int next = link(references[i]);
      if (i < first || i >= first + count) {
        last = i;
      } else if (last == END_OF_LIST) {
        firstFree = next;
      } else {
        references[last] = link(next);
      }
      i = next;
    }
  }

  /** As {@link #allocate}, filled with zeros. */
  public long allocateZeroed() {
    long frame = allocate();
    if (frame != NONE) {
      memory.zero(frame, FRAME_SIZE);
    }
    return frame;
  }

  /**
   * Adds a reference.
   *
   * @throws ErrnoException ENOMEM if the frame has as many as can be counted
   */
  public void share(long frame) {
    int i = index(frame);
    if (references[i] == Integer.MAX_VALUE) {
      throw ErrnoException.of(Errno.ENOMEM);
    }
    references[i]++;
  }

  /** Drops a reference; the last one frees the frame. */
  public void release(long frame) {
    int i = index(frame);
    int n = references[i];
    if (n <= 0) {
      throw new IllegalStateException("frame 0x" + Long.toHexString(frame) + " is free already");
    }
    if (n > 1) {
      references[i] = n - 1;
    } else {
      references[i] = link(firstFree);
      firstFree = i;
      free++;
    }
  }

  /** Drops {@code n} references, but not the last one. */
  void releaseSome(long frame, int n) {
    int i = index(frame);
    if (references[i] <= n) {
      throw new IllegalStateException("frame 0x" + Long.toHexString(frame) + " has not so many");
    }
    references[i] -= n;
  }

  /** The number of references; 0 or less for a free frame. */
  public int references(long frame) {
    return references[index(frame)];
  }

  /** A program may write the frame from now on, unseen by the kernel. */
  void noteWritable(long frame) {
    writtenByProgram[index(frame)] = 1;
  }

  /**
   * A program may execute the frame from now on: the kernel's writes into it tell the CPU, and what
   * programs may have written since it was executable last is told now.
   */
  void noteExecutable(long frame) {
    if (!memory.mayHoldCode(frame)) {
      memory.markCode(frame);
      return;
    }
    int i = index(frame);
    if (writtenByProgram[i] != 0) {
      memory.invalidateCode(frame);
      if (references[i] == 1) {
        writtenByProgram[i] = 0; // the one mapping is executable now, hence not writable
      }
    }
  }

  /** Frames that are free. */
  public int free() {
    return free;
  }

  /** Frames of RAM. */
  public int total() {
    return total;
  }

  private int nextNeverUsed() {
    int i = neverUsed;
    while (i < total && references[i] != 0) {
      i++; // reserved, or given back and reused since
    }
    neverUsed = i + 1;
    return i < total ? i : END_OF_LIST;
  }

  /** Turns a list index (from -1 on) into a negative number, and back. */
  private static int link(int v) {
    return -2 - v;
  }

  private int index(long frame) {
    return (int) (frame - base >>> FRAME_SHIFT);
  }
}
