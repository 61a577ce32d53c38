package orrery.kernel.device;

import orrery.kernel.hw.HardwareException;
import orrery.kernel.hw.IoMem;
import orrery.kernel.hw.RegisterBlock;
import orrery.kernel.hw.pci.MessageFrame;
import orrery.kernel.hw.pci.PciFunction;
import orrery.machine.dma.DmaWindows;
import orrery.ownership.OutOfRangeException;
import orrery.ownership.Owned;
import orrery.ownership.Range;
import orrery.ownership.Unsafe;
import orrery.ownership.Untrusted;

/** A PCI function while its driver is being bound. */
@Owned
@Unsafe("maps registers of its own function only")
public final class PciDevice extends Device {
  /** Base address registers of a function. */
  private static final int BARS = 6;

  private final PciFunction function;
  private final MessageFrame frame;

  PciDevice(Binding binding, DriverServices services, DeviceManager manager, PciFunction function) {
    super(binding, services, manager);
    this.function = function;
    this.frame = manager.messageFrame();
  }

  /** Who made it. */
  public int vendor() {
    return function.vendor();
  }

  /** What it is, by its vendor's list. */
  public int device() {
    return function.device();
  }

  /**
   * Finds a capability of configuration space (PCI, section 6.7).
   *
   * @param id its identifier
   * @param after where the last one was found, 0 for the first
   * @return where it starts, 0 if there is none
   */
  public int capability(int id, int after) {
    return function.capability(id, after);
  }

  /**
   * Reads configuration space at an offset known at run time only.
   *
   * @param width bytes: 1, 2 or 4
   * @throws OutOfRangeException if that is not inside, or not a multiple of the width
   */
  public @Untrusted int tryConfig(@Untrusted long at, int width) throws OutOfRangeException {
    return function.tryConfig(at, width);
  }

  /**
   * Maps all of a base address register.
   *
   * @param bar 0 to 5
   * @throws HardwareException if the device has less there than the block needs
   */
  public <B> IoMem<B> map(int bar, RegisterBlock<B> block) {
    try {
      int checked = Range.index(bar, BARS);
      return map(checked, 0, function.barSize(checked), block);
    } catch (OutOfRangeException e) {
      throw new HardwareException(name() + " has no such registers: " + e.getMessage());
    }
  }

  /**
   * Maps a part of a base address register that the device itself names.
   *
   * @param bar 0 to 5
   * @param offset bytes from its start
   * @param length bytes
   * @throws OutOfRangeException if the device has no such bytes
   * @throws HardwareException if that is less than the block needs
   */
  public <B> IoMem<B> map(
      @Untrusted int bar, @Untrusted long offset, @Untrusted long length, RegisterBlock<B> block)
      throws OutOfRangeException {
    int checked = Range.index(bar, BARS);
    long inside = Range.part(offset, length, function.barSize(checked));
    // SAFETY: the range lies within this function's registers, which the core placed
    return IoMem.map(
        binding().resources(),
        services().bus(),
        function.barAddress(checked) + inside,
        Range.between(length, 0, function.barSize(checked)),
        block);
  }

  /** How many messages (MSI-X vectors) it can send. */
  public int messages() {
    return function.messages();
  }

  @Override
  public Interrupts interrupts(int count) {
    if (frame == null || count <= 0 || count > function.messages()) {
      throw new HardwareException(
          name() + " has " + function.messages() + " interrupts where " + count + " are needed");
    }
    int[] intids = new int[count];
    int made = 0;
    try {
      for (; made < count; made++) {
        int vector = made;
        Binding target = binding();
        intids[made] = frame.allocate(() -> target.interrupt(vector));
        function.setMessage(made, frame.doorbell(), intids[made]);
      }
    } catch (HardwareException e) {
      release(function, frame, intids, made);
      throw e;
    }
    function.enableMessages(true);
    PciFunction source = function;
    MessageFrame controller = frame;
    return new Interrupts(
        binding(), count, source::restore, () -> release(source, controller, intids, count));
  }

  private static void release(PciFunction function, MessageFrame frame, int[] intids, int count) {
    function.enableMessages(false);
    for (int i = 0; i < count; i++) {
      function.maskMessage(i);
      frame.release(intids[i]);
    }
  }

  @Override
  String place() {
    return function.place();
  }

  @Override
  DmaWindows windows() {
    return services().guard().windows(function.requester());
  }
}
