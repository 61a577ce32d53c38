package orrery.machine.dma;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The machine's DMA guard: knows what each device was lent, as an IOMMU does, and reports a
 * transfer that leaves it. The hosted kernel reaches it through {@link
 * orrery.machine.HostedPlatform#dmaGuard}.
 *
 * <p>It has no registers, unlike an IOMMU, and on purpose:
 *
 * <ul>
 *   <li>It is an instrument and no device. It translates nothing, so a kernel that does not know it
 *       runs unchanged, and drivers are the same with and without it.
 *   <li>Lending is the hottest thing that a driver does. As an object it is one store, which is
 *       what lets every transfer be confined always; an entry of a table in guest memory would be
 *       several and an invalidation command, a register a trip over the bus.
 *   <li>Its lines name whose memory was hit. The names, and the question who was lent it instead,
 *       have no place in a table of addresses.
 *   <li>No guest kernel would program it: Linux drives an IOMMU only if it has that one's driver.
 *       What serves guest kernels is a model of Arm's SMMUv3, a device of its own in front of the
 *       same {@link DmaPort}s, which translates.
 * </ul>
 *
 * <p>For guest kernels, which lend nothing, {@link GuardMode#BOUNDS} reports what no kernel may
 * want: transfers that reach no memory, and those of devices that may not master the bus.
 *
 * <p>The vCPU's thread.
 */
public final class DmaGuard {
  private static final int FUNCTION_BITS = 3;
  private static final int SLOT_BITS = 5;

  private final GuardMode mode;
  private final Consumer<String> log;
  private final List<Entry> devices = new ArrayList<>();

  private record Entry(int requester, DmaWindows windows) {}

  /**
   * A guard that has lent nothing.
   *
   * @param log gets a line for each violation
   */
  public DmaGuard(GuardMode mode, Consumer<String> log) {
    this.mode = mode;
    this.log = log;
  }

  /** A guard that lets everything pass. */
  public static DmaGuard off() {
    return new DmaGuard(GuardMode.OFF, line -> {});
  }

  /** What it does about violations. */
  public GuardMode mode() {
    return mode;
  }

  /**
   * The windows of a device.
   *
   * @param requester the identifier by which a PCI function makes requests: bus, device and
   *     function number (PCIe, section 2.2.4.2)
   */
  public DmaWindows windows(int requester) {
    for (Entry entry : devices) {
      if (entry.requester == requester) {
        return entry.windows;
      }
    }
    DmaWindows windows = new DmaWindows(this, name(requester));
    devices.add(new Entry(requester, windows));
    return windows;
  }

  /** How many transfers of all devices went where they may not. */
  public long violations() {
    long sum = 0;
    for (Entry entry : devices) {
      sum += entry.windows.violations();
    }
    return sum;
  }

  /** A PCI function's name as tools print it, without the domain. */
  private static String name(int requester) {
    return String.format(
        "PCI device %02x:%02x.%d",
        requester >>> FUNCTION_BITS + SLOT_BITS,
        requester >>> FUNCTION_BITS & (1 << SLOT_BITS) - 1,
        requester & (1 << FUNCTION_BITS) - 1);
  }

  void report(String line) {
    log.accept(line);
  }

  /** Says whose a byte is: the device's own windows first. */
  String owner(DmaWindows own, long address) {
    DmaWindow window = own.at(address);
    if (window != null) {
      return "memory of " + window.owner() + ", " + window.state();
    }
    for (Entry entry : devices) {
      window = entry.windows.at(address);
      if (window != null) {
        return "memory of " + window.owner() + ", lent to no device but " + entry.windows.device();
      }
    }
    return "memory of the kernel or a program, never lent to a device";
  }
}
