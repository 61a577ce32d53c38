package orrery.machine.dma;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The machine's DMA guard: knows what each device was lent, as an IOMMU does, and reports a
 * transfer that leaves it. The kernel reaches it through {@link
 * orrery.machine.HostedPlatform#dmaGuard}.
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

  /** How many transfers of all devices went to memory that they were not lent. */
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
