package orrery.kernel.hw;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static orrery.kernel.hw.PhysicalMemory.FRAME_SHIFT;
import static orrery.kernel.hw.PhysicalMemory.FRAME_SIZE;

import java.lang.foreign.MemorySegment;
import orrery.machine.dma.DmaWindow;
import orrery.machine.dma.DmaWindows;
import orrery.ownership.Move;
import orrery.ownership.Owned;
import orrery.ownership.OwnershipException;
import orrery.ownership.Unsafe;

/**
 * A scatter list: pages of 4 KiB for one transfer while the driver has them. They look like one
 * range of bytes; {@link #toDevice} lends all of them.
 *
 * <p>An access outside is an {@link IndexOutOfBoundsException}; one after the pages were lent,
 * closed or revoked is an {@link OwnershipException}. Whose turn it is stands in the state of the
 * guard's windows, which is the same for all, as in {@link CpuBuffer}.
 */
@Owned
@Unsafe("every access sees the windows closed, so the pages are this list's and the driver's")
public abstract sealed class CpuPages extends Resource permits DmaPages {
  private final DmaMemory memory;
  private final MemorySegment[] pages;

  /** Closed while the driver has the pages; removed from the end on. */
  DmaWindow[] windows;

  CpuPages(Resources resources, DmaMemory memory, MemorySegment[] pages, DmaWindow[] windows) {
    // SAFETY: revoked() removes the windows
    super(resources);
    this.memory = memory;
    this.pages = pages;
    this.windows = windows;
  }

  /** The next name of {@code old}'s pages. */
  CpuPages(CpuPages old) {
    // SAFETY: the caller ends the old name
    this(old.resources(), old.memory, old.pages, old.windows);
  }

  static CpuPages make(
      Resources resources, DmaMemory memory, DmaWindows table, int count, Direction direction) {
    if (count <= 0) {
      throw new IllegalArgumentException("a list has pages");
    }
    MemorySegment[] pages = new MemorySegment[count];
    DmaWindow[] windows = new DmaWindow[count];
    int made = 0;
    try {
      for (; made < count; made++) {
        long address = memory.allocate(FRAME_SIZE);
        // SAFETY: the page is this list's alone until it gives it back
        pages[made] = memory.segment(address, FRAME_SIZE);
        windows[made] =
            table.define(
                address,
                FRAME_SIZE,
                direction.read,
                direction.write,
                resources.device() + "'s page");
      }
      // SAFETY: memory and windows are this list's alone
      return resources.census().keepsPlaces()
          ? TracedPages.make(resources, memory, pages, windows)
          : new DmaPages(resources, memory, pages, windows);
    } catch (HardwareException e) {
      for (int i = 0; i < made; i++) {
        windows[i].remove();
        memory.release(windows[i].address(), FRAME_SIZE);
      }
      throw e;
    }
  }

  /**
   * How many pages there are.
   *
   * @throws OwnershipException if they were closed or revoked
   */
  public int count() {
    if (windows[0].isRemoved()) {
      throw gone();
    }
    return pages.length;
  }

  /**
   * All bytes together.
   *
   * @throws OwnershipException if they were closed or revoked
   */
  public long length() {
    return (long) count() << FRAME_SHIFT;
  }

  /**
   * Reads bytes into {@code to} from {@code at} on.
   *
   * @throws IndexOutOfBoundsException if they are not inside
   */
  public void read(long offset, byte[] to, int at, int count) {
    check(offset, count);
    // SAFETY: requireHere() and the bounds were checked
    for (int done = 0; done < count; ) {
      int in = (int) (offset + done) & FRAME_SIZE - 1;
      int part = Math.min(count - done, FRAME_SIZE - in);
      MemorySegment page = pages[(int) (offset + done >>> FRAME_SHIFT)];
      MemorySegment.copy(page, JAVA_BYTE, in, to, at + done, part);
      done += part;
    }
  }

  /**
   * Writes bytes of {@code from}, those from {@code at} on.
   *
   * @throws IndexOutOfBoundsException if they are not inside
   */
  public void write(long offset, byte[] from, int at, int count) {
    check(offset, count);
    // SAFETY: requireHere() and the bounds were checked
    for (int done = 0; done < count; ) {
      int in = (int) (offset + done) & FRAME_SIZE - 1;
      int part = Math.min(count - done, FRAME_SIZE - in);
      MemorySegment page = pages[(int) (offset + done >>> FRAME_SHIFT)];
      MemorySegment.copy(from, at + done, page, JAVA_BYTE, in, part);
      done += part;
    }
  }

  private void check(long offset, int count) {
    requireHere();
    if (count < 0 || offset < 0 || offset > length() - count) {
      throw new IndexOutOfBoundsException(
          count + " bytes at " + offset + " of a list of " + length() + " bytes");
    }
  }

  /** Lends the pages to the device. */
  @Move
  public abstract DevicePages toDevice();

  /** Gives the pages back. */
  @Move
  public void close() {
    requireHere();
    revoked();
  }

  @Override
  protected void revoked() {
    for (DmaWindow window : windows) {
      window.remove();
      memory.release(window.address(), FRAME_SIZE);
    }
    end();
  }

  final void requireHere() {
    if (!windows[0].isClosed()) {
      throw gone();
    }
  }

  private OwnershipException gone() {
    return new OwnershipException(this + " are used while the device has them, or after their end");
  }
}
