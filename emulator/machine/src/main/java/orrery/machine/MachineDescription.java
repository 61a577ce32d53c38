package orrery.machine;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import orrery.machine.boot.BootMemory.Placement;
import orrery.machine.clock.MachineClock;
import orrery.machine.fdt.DeviceTreeBuilder;

/** Writes the device tree that describes a machine, from its parts. */
final class MachineDescription {
  /** phandles. */
  private static final int GIC = 1;

  private static final int PERIPHERAL_CLOCK = 2;
  private static final int MESSAGE_FRAME = 3;

  /** Interrupt specifiers of the GIC's binding (arm,gic). */
  private static final int SPI = 0;

  private static final int PPI = 1;
  private static final int LEVEL_HIGH = 4;

  /** PPIs of the generic timer, less 16: secure, non-secure, virtual, hypervisor. */
  private static final int[] TIMER_PPIS = {13, 14, 11, 10};

  /** Where in a PPI's flags the CPUs stand to which it goes, a bit each. */
  private static final int PPI_CPUS_SHIFT = 8;

  /** The PL011's and its bus's clock, in Hz. */
  private static final int PERIPHERAL_FREQUENCY = 24_000_000;

  private final DeviceTreeBuilder tree = new DeviceTreeBuilder();

  /** What {@code /chosen} says. */
  record Chosen(
      String bootArguments,
      Placement initrd,
      Long kernelEntry,
      boolean hostedKernel,
      boolean quiet,
      List<Consumer<DeviceTreeBuilder>> more) {}

  byte[] write(Ram ram, int cpus, List<PlatformDevice> devices, PciAssembly pci, Chosen chosen) {
    tree.cells("#address-cells", 2)
        .cells("#size-cells", 2)
        .cells("interrupt-parent", GIC)
        .string("model", "Orrery")
        .strings("compatible", List.of("orrery,machine", "linux,dummy-virt"));
    chosen(chosen, devices);
    tree.beginNode("memory@" + Long.toHexString(ram.base()))
        .string("device_type", "memory")
        .longs("reg", ram.base(), ram.size())
        .endNode();
    cpus(cpus);
    timer(cpus);
    tree.beginNode("apb-pclk")
        .string("compatible", "fixed-clock")
        .cells("#clock-cells", 0)
        .cells("clock-frequency", PERIPHERAL_FREQUENCY)
        .string("clock-output-names", "clk24mhz")
        .cells("phandle", PERIPHERAL_CLOCK)
        .endNode();
    interruptController(pci);
    if (pci != null) {
      pci.describeHost(tree, GIC, MESSAGE_FRAME);
    }
    for (PlatformDevice device : devices) {
      device(device);
    }
    return tree.build();
  }

  private void chosen(Chosen chosen, List<PlatformDevice> devices) {
    tree.beginNode("chosen").string("bootargs", chosen.bootArguments);
    for (PlatformDevice device : devices) {
      if (device.isConsole()) {
        tree.string("stdout-path", "/" + nodeName(device));
      }
    }
    if (chosen.initrd != null) {
      tree.longs("linux,initrd-start", chosen.initrd.start());
      tree.longs("linux,initrd-end", chosen.initrd.end());
    }
    if (chosen.kernelEntry != null) {
      tree.longs("orrery,kernel-entry", chosen.kernelEntry);
    }
    if (chosen.hostedKernel) {
      tree.flag("orrery,hosted-kernel");
    }
    if (chosen.quiet) {
      tree.flag("orrery,quiet");
    }
    for (Consumer<DeviceTreeBuilder> properties : chosen.more) {
      properties.accept(tree);
    }
    tree.endNode();
  }

  private void cpus(int count) {
    tree.beginNode("cpus").cells("#address-cells", 1).cells("#size-cells", 0);
    for (int cpu = 0; cpu < count; cpu++) {
      tree.beginNode("cpu@" + cpu)
          .string("device_type", "cpu")
          .string("compatible", "arm,cortex-a72")
          .cells("reg", cpu)
          .string("enable-method", "psci")
          .endNode();
    }
    tree.endNode();
    tree.beginNode("psci")
        .strings("compatible", List.of("arm,psci-1.0", "arm,psci-0.2"))
        .string("method", "hvc")
        .endNode();
  }

  private void timer(int cpus) {
    int flags = (1 << cpus) - 1 << PPI_CPUS_SHIFT | LEVEL_HIGH;
    int[] interrupts = new int[TIMER_PPIS.length * 3];
    for (int i = 0; i < TIMER_PPIS.length; i++) {
      interrupts[3 * i] = PPI;
      interrupts[3 * i + 1] = TIMER_PPIS[i];
      interrupts[3 * i + 2] = flags;
    }
    tree.beginNode("timer")
        .string("compatible", "arm,armv8-timer")
        .cells("interrupts", interrupts)
        .cells("clock-frequency", MachineClock.COUNTER_FREQUENCY)
        .flag("always-on")
        .endNode();
  }

  private void interruptController(PciAssembly pci) {
    tree.beginNode("interrupt-controller@" + Long.toHexString(MemoryMap.GIC_DISTRIBUTOR))
        .string("compatible", "arm,cortex-a15-gic")
        .flag("interrupt-controller")
        .cells("#interrupt-cells", 3)
        .cells("#address-cells", pci == null ? 0 : 2)
        .longs(
            "reg",
            MemoryMap.GIC_DISTRIBUTOR,
            MemoryMap.GIC_DISTRIBUTOR_SIZE,
            MemoryMap.GIC_CPU_INTERFACE,
            MemoryMap.GIC_CPU_INTERFACE_SIZE)
        .cells("phandle", GIC);
    if (pci != null) {
      tree.cells("#size-cells", 2).flag("ranges");
      pci.describeFrame(tree, MESSAGE_FRAME);
    }
    tree.endNode();
  }

  private void device(PlatformDevice device) {
    tree.beginNode(nodeName(device))
        .strings("compatible", device.compatible())
        .longs("reg", device.base(), device.size());
    int[] spis = device.interrupts();
    if (spis.length > 0) {
      int[] cells = new int[spis.length * 3];
      for (int i = 0; i < spis.length; i++) {
        cells[3 * i] = SPI;
        cells[3 * i + 1] = spis[i];
        cells[3 * i + 2] = LEVEL_HIGH;
      }
      tree.cells("interrupts", cells);
    }
    List<String> clocks = device.clocks();
    if (!clocks.isEmpty()) {
      int[] phandles = new int[clocks.size()];
      Arrays.fill(phandles, PERIPHERAL_CLOCK);
      tree.cells("clocks", phandles).strings("clock-names", clocks);
    }
    device.describe(tree);
    tree.endNode();
  }

  private static String nodeName(PlatformDevice device) {
    return device.name() + "@" + Long.toHexString(device.base());
  }
}
