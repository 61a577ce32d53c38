package orrery.kernel.sysfs;

import orrery.kernel.device.PciEntry;
import orrery.kernel.hw.pci.PciFunction;

/**
 * The folder of a PCI function. Source: Linux {@code Documentation/PCI/sysfs-pci.rst}, {@code
 * drivers/pci/pci-sysfs.c}.
 */
final class PciTree {
  /** The base address registers and the expansion ROM. */
  private static final int RESOURCES = 7;

  private static final int BARS = 6;

  // include/linux/ioport.h
  private static final long IORESOURCE_MEM = 0x200;
  private static final long IORESOURCE_PREFETCH = 0x2000;
  private static final long IORESOURCE_SIZEALIGN = 0x4_0000;
  private static final long IORESOURCE_MEM_64 = 0x10_0000;

  // Base address registers (PCI, section 6.2.5.1).
  private static final int BAR_64_BIT = 4;
  private static final int BAR_PREFETCH = 8;

  private final SysFileSystem fs;
  private final SysDirectory root;
  private final PciFunction function;
  private final String driver;

  PciTree(SysFileSystem fs, SysDirectory root, PciEntry entry) {
    this.fs = fs;
    this.root = root;
    this.function = entry.function();
    this.driver = entry.driver();
  }

  void build() {
    String place = "devices/" + function.place();
    SysDirectory d = root.folder(place);
    d.line("vendor", String.format("0x%04x", function.vendor()));
    d.line("device", String.format("0x%04x", function.device()));
    d.line("subsystem_vendor", String.format("0x%04x", function.subsystemVendor()));
    d.line("subsystem_device", String.format("0x%04x", function.subsystem()));
    d.line("class", String.format("0x%06x", function.classCode()));
    d.line("revision", String.format("0x%02x", function.revision()));
    d.line("modalias", alias());
    d.number("enable", driver == null ? 0 : 1);
    d.number("irq", 0);
    d.number("numa_node", -1);
    d.number("local_cpulist", 0);
    d.number("local_cpus", 1);
    d.text("resource", (c, to) -> resources(to));
    d.text("uevent", (c, to) -> event(to));
    d.add("config", new ConfigInode(fs, fs.newNumber(), function));
    for (int bar = 0; bar < BARS; bar++) {
      if (function.barSize(bar) > 0) {
        d.add("resource" + bar, new RegisterInode(fs, fs.newNumber(), function, bar));
      }
    }
    d.link("subsystem", SysDirectory.up(place) + "bus/pci");
    root.folder("bus/pci/devices").link(function.name(), "../../../" + place);
    if (driver != null) {
      d.link("driver", SysDirectory.up(place) + "bus/pci/drivers/" + driver);
      root.folder("bus/pci/drivers/" + driver).link(function.name(), "../../../../" + place);
    }
  }

  private String alias() {
    int code = function.classCode();
    return String.format(
        "pci:v%08Xd%08Xsv%08Xsd%08Xbc%02Xsc%02Xi%02X",
        function.vendor(),
        function.device(),
        function.subsystemVendor(),
        function.subsystem(),
        code >>> 16,
        code >>> 8 & 0xff,
        code & 0xff);
  }

  /** A line for each: first and last address, and what they are; zeros for none. */
  private void resources(StringBuilder to) {
    for (int i = 0; i < RESOURCES; i++) {
      long size = i < BARS ? function.barSize(i) : 0;
      long first = size == 0 ? 0 : function.barAddress(i);
      long last = size == 0 ? 0 : first + size - 1;
      to.append(String.format("0x%016x 0x%016x 0x%016x\n", first, last, size == 0 ? 0 : flags(i)));
    }
  }

  private long flags(int bar) {
    int kind = function.barKind(bar);
    return IORESOURCE_MEM
        | IORESOURCE_SIZEALIGN
        | ((kind & BAR_64_BIT) == 0 ? 0 : IORESOURCE_MEM_64)
        | ((kind & BAR_PREFETCH) == 0 ? 0 : IORESOURCE_PREFETCH)
        | kind;
  }

  private void event(StringBuilder to) {
    if (driver != null) {
      to.append("DRIVER=").append(driver).append('\n');
    }
    to.append(String.format("PCI_CLASS=%04X\n", function.classCode()));
    to.append(String.format("PCI_ID=%04X:%04X\n", function.vendor(), function.device()));
    to.append(
        String.format(
            "PCI_SUBSYS_ID=%04X:%04X\n", function.subsystemVendor(), function.subsystem()));
    to.append("PCI_SLOT_NAME=").append(function.name()).append('\n');
    to.append("MODALIAS=").append(alias()).append('\n');
  }
}
