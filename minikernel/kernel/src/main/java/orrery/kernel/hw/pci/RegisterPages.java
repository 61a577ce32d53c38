package orrery.kernel.hw.pci;

import orrery.kernel.hw.PhysicalMemory;
import orrery.kernel.memory.FileMappings;
import orrery.kernel.memory.FrameAllocator;
import orrery.kernel.memory.PageSource;

/** The registers behind a base address register, for programs that map them. */
public final class RegisterPages implements PageSource {
  private final FileMappings mappings = new FileMappings();
  private final long address;
  private final long size;

  /** Those behind {@code bar} of a function, which is not empty. */
  public RegisterPages(PciFunction function, int bar) {
    address = function.barAddress(bar);
    size = function.barSize(bar);
  }

  @Override
  public boolean isDeviceMemory() {
    return true;
  }

  @Override
  public long page(long index) {
    boolean inside = index >= 0 && index <= size - 1 >>> PhysicalMemory.FRAME_SHIFT;
    return inside ? address + (index << PhysicalMemory.FRAME_SHIFT) : FrameAllocator.NONE;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public FileMappings mappings() {
    return mappings;
  }
}
