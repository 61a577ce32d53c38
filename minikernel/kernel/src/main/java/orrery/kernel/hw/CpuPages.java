package orrery.kernel.hw;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static orrery.kernel.hw.DmaMemory.GONE;
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
 */
@Owned
@Unsafe("the segments are this list's pages while the driver has them, else empty")
public final class CpuPages extends Resource {
  private final DmaMemory memory;
  private final MemorySegment[] pages;
  private final DmaWindow[] windows;
  private final PagesNames names = new PagesNames();
  private boolean here = true;

  private CpuPages(
      Resources resources, DmaMemory memory, MemorySegment[] pages, DmaWindow[] windows) {
    // SAFETY: revoked() ends every access
    super(resources);
    this.memory = memory;
    this.pages = pages;
    this.windows = windows;
    // SAFETY: the other name is handed out by toDevice only, which ends the use of this
    names.cpu = this;
    names.device = new DevicePages(names, windows);
  }

  static CpuPages make(
      Resources resources, DmaMemory memory, DmaWindows table, int count, Direction direction) {
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
      return new CpuPages(resources, memory, pages, windows);
    } catch (HardwareException e) {
      for (int i = 0; i < made; i++) {
        windows[i].remove();
        memory.release(windows[i].address(), FRAME_SIZE);
      }
      throw e;
    }
  }

  /** How many pages there are. */
  public int count() {
    return pages.length;
  }

  /** All bytes together. */
  public long length() {
    return (long) pages.length << FRAME_SHIFT;
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
  public DevicePages toDevice() {
    requireHere();
    here = false;
    for (DmaWindow window : windows) {
      window.open();
    }
    names.device.begin();
    // SAFETY: this name of the memory has just ended
    return names.device;
  }

  /** Gives the pages back. */
  @Move
  public void close() {
    requireHere();
    revoked();
  }

  /** The device has returned them. */
  void returned() {
    for (DmaWindow window : windows) {
      window.close();
    }
    here = true;
  }

  @Override
  protected void revoked() {
    here = false;
    names.device.forget();
    for (int i = 0; i < pages.length; i++) {
      pages[i] = GONE;
      windows[i].remove();
      memory.release(windows[i].address(), FRAME_SIZE);
    }
    end();
  }

  private void requireHere() {
    if (!here) {
      throw new OwnershipException(
          this + " are used while the device has them, or after their end");
    }
  }
}
