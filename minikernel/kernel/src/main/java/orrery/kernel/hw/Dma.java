package orrery.kernel.hw;

import orrery.machine.dma.DmaWindow;
import orrery.machine.dma.DmaWindows;
import orrery.ownership.Move;
import orrery.ownership.Owned;
import orrery.ownership.OwnershipException;
import orrery.ownership.Unsafe;
import orrery.ownership.UnsafeCall;

/**
 * One device's right to memory: makes the buffers and rings that it shares with its driver. Memory
 * comes zeroed and is the driver's until it is lent ({@link CpuBuffer#toDevice}); rings are both's
 * from the start. The device reaches nothing else: the machine's DMA guard knows the same windows.
 *
 * <p>The vCPU's thread. Making and closing buffers allocates; lending and returning them does not.
 */
@Owned
@Unsafe("hands out each piece of memory once, between the pool's allocate and release")
public final class Dma extends Resource {
  private final DmaMemory memory;
  private final DmaWindows windows;
  private final Resources resources;
  private boolean live = true;

  /**
   * The right of one device.
   *
   * @param windows what the guard knows of the device
   */
  @UnsafeCall("the windows are those of the resources' device")
  public Dma(Resources resources, DmaMemory memory, DmaWindows windows) {
    // SAFETY: revoked() clears live, which every method tests
    super(resources);
    this.resources = resources;
    this.memory = memory;
    this.windows = windows;
  }

  /**
   * A buffer, the driver's at first.
   *
   * @param length bytes, up to 4 MiB
   * @param direction what the device may do while it has it
   * @throws HardwareException if there is no memory for it
   */
  public CpuBuffer buffer(int length, Direction direction) {
    requireLive("buffer");
    long address = memory.allocate(length);
    DmaWindow window =
        windows.define(
            address, length, direction.read, direction.write, resources.device() + "'s buffer");
    // SAFETY: the piece is this buffer's alone until it gives it back
    return resources.census().keepsPlaces()
        ? TracedBuffer.make(resources, memory, window)
        : new DmaBuffer(resources, memory, window);
  }

  /**
   * A ring that driver and device use at the same time.
   *
   * @param entries how many, 1 or more
   * @param direction what the device may do with it
   * @throws HardwareException if there is no memory for it
   */
  public <L> Ring<L> ring(RingLayout<L> layout, int entries, Direction direction) {
    requireLive("ring");
    int length = layout.size(entries);
    long address = memory.allocate(length);
    DmaWindow window =
        windows.define(
            address,
            length,
            direction.read,
            direction.write,
            resources.device() + "'s " + layout.name() + " ring");
    window.open();
    // SAFETY: the piece is this ring's alone until it gives it back
    return new Ring<>(resources, memory, window, layout, entries);
  }

  /**
   * Pages for one large transfer; they need not lie side by side.
   *
   * @param pages how many of 4 KiB, 1 or more
   * @throws HardwareException if there is no memory for them
   */
  public CpuPages pages(int pages, Direction direction) {
    requireLive("list of pages");
    return CpuPages.make(resources, memory, windows, pages, direction);
  }

  /** Ends the right; buffers and rings made by it stay until they are closed. */
  @Move
  public void close() {
    requireLive("end");
    revoked();
  }

  @Override
  protected void revoked() {
    live = false;
    end();
  }

  private void requireLive(String what) {
    if (!live) {
      throw new OwnershipException(
          "a " + what + " is asked of " + this + " after it was closed or revoked");
    }
  }
}
