package orrery.kernel.hw;

import java.lang.foreign.MemorySegment;
import orrery.machine.dma.DmaWindow;
import orrery.ownership.Move;
import orrery.ownership.Owned;
import orrery.ownership.Unsafe;

/** A scatter list whose every name is an object of its own, as {@link TracedBuffer}. */
@Owned
@Unsafe("a name that has ended keeps windows that are removed, so that every check of it fails")
final class TracedPages extends DmaPages {
  private TracedPages(
      Resources resources, DmaMemory memory, MemorySegment[] pages, DmaWindow[] windows) {
    // SAFETY: as of the plain list
    super(resources, memory, pages, windows);
  }

  private TracedPages(TracedPages old) {
    // SAFETY: renamed() ends the old name
    super(old);
  }

  /** The driver's first name. */
  static CpuPages make(
      Resources resources, DmaMemory memory, MemorySegment[] pages, DmaWindow[] windows) {
    return new TracedPages(resources, memory, pages, windows);
  }

  @Override
  @Move
  public DevicePages toDevice() {
    open();
    return renamed();
  }

  @Override
  @Move
  public CpuPages toCpu() {
    shut();
    return renamed();
  }

  private TracedPages renamed() {
    // SAFETY: this name ends here
    TracedPages next = new TracedPages(this);
    DmaWindow[] ended = windows.clone();
    for (int i = 0; i < ended.length; i++) {
      ended[i] = ended[i].ended();
    }
    windows = ended;
    end();
    return next;
  }
}
