package orrery.device.nvme;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import orrery.machine.dma.DmaPort;

/**
 * Reads of a burst whose data are put off until all of them can be copied one right after the
 * other: the host's processor then fetches the data of the next while it still waits for the last
 * of this. Only reads of memory into one place are put off. The guest sees no difference, because
 * it does not run before all of them are complete.
 */
final class ReadBatch {
  /** What a processor fetches at once, in bytes; where it is another size this is only slower. */
  private static final int LINE = 64;

  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  private final DmaPort dma;
  private final Fetched fetched;

  // By read, in the order of the commands.
  private final int[] places = new int[Fetched.MOST];
  private final long[] addresses = new long[Fetched.MOST];
  private final MemorySegment[] sources = new MemorySegment[Fetched.MOST];
  private final long[] offsets = new long[Fetched.MOST];
  private final long[] lengths = new long[Fetched.MOST];

  private boolean open;
  private int count;
  private int copied;

  /** By bit: reads that the host could not do. */
  private int failed;

  /** What was looked at; kept, because a compiler leaves out loads of what nobody needs. */
  private long seen;

  /** A batch of the commands of {@code fetched}. */
  ReadBatch(DmaPort dma, Fetched fetched) {
    this.dma = dma;
    this.fetched = fetched;
  }

  /** Forgets all reads; from now on reads are put off, or not. */
  void begin(boolean putsOff) {
    open = putsOff;
    clear();
  }

  void clear() {
    count = 0;
    copied = 0;
    failed = 0;
  }

  /**
   * Puts the read in execution off; not if nothing could be put off with it.
   *
   * @param address where in the guest's memory the data go
   * @return whether it does
   */
  boolean add(long address, MemorySegment source, long offset, long length) {
    if (!open
        || count == 0 && !fetched.hasAnother()
        || address == Extents.BUCKET
        || !dma.allows(address, length, true)) {
      return false;
    }
    places[count] = fetched.place();
    addresses[count] = address;
    sources[count] = source;
    offsets[count] = offset;
    lengths[count] = length;
    count++;
    return true;
  }

  /** How many reads were put off and not {@link #clear cleared}. */
  int count() {
    return count;
  }

  /** The place of a read among the commands that were fetched. */
  int place(int i) {
    return places[i];
  }

  /** Copies what has been put off. */
  void copy() {
    int first = copied;
    try {
      for (int i = first; i < count; i++) {
        if (i + 1 < count) {
          look(sources[i + 1], offsets[i + 1]);
        }
        copy(i);
      }
    } catch (InternalError e) {
      copyOneByOne(first); // one of them, copied or looked at
    }
    copied = count;
    tell(first);
  }

  private void copyOneByOne(int first) {
    for (int i = first; i < count; i++) {
      try {
        copy(i);
      } catch (InternalError e) {
        failed |= 1 << i;
      }
    }
  }

  private void copy(int i) {
    dma.writeUntold(addresses[i], sources[i], offsets[i], lengths[i]);
  }

  /**
   * Has the address translation and the first lines of what is copied next fetched meanwhile, so
   * that the prefetcher begins with the rest. Four lines were faster than one, two or eight.
   */
  private void look(MemorySegment memory, long at) {
    seen +=
        memory.get(LONG, at)
            + memory.get(LONG, at + LINE)
            + memory.get(LONG, at + 2 * LINE)
            + memory.get(LONG, at + 3 * LINE);
  }

  /** Tells the CPU what was written: what lies side by side at once. */
  private void tell(int first) {
    for (int i = first; i < count; ) {
      long start = addresses[i];
      long end = start + lengths[i++];
      while (i < count && addresses[i] == end) {
        end += lengths[i++];
      }
      dma.told(start, end - start);
    }
  }

  /** How a read that was copied ended. */
  int status(int i) {
    return (failed & 1 << i) == 0 ? Status.SUCCESS : Status.READ_ERROR;
  }
}
