package orrery.machine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import orrery.machine.bus.Bus;
import orrery.machine.clock.MachineClock;
import orrery.machine.cpu.DeferredCall;
import orrery.machine.cpu.Vcpu;
import orrery.machine.dma.DmaGuard;
import orrery.machine.dma.DmaMemory;
import orrery.machine.fdt.DeviceTreeBuilder;
import orrery.machine.irq.Gic;
import orrery.machine.irq.GicV2m;
import orrery.machine.irq.InterruptLine;
import orrery.machine.pci.PciContext;
import orrery.machine.pci.PciDevice;
import orrery.machine.pci.PciDeviceProvider;
import orrery.machine.pci.PciHost;

/** A machine's PCI: the host, the frame for its messages, and the devices that were found. */
final class PciAssembly {
  /** The interrupts INTA to INTD of the host, as SPI numbers. */
  private static final int FIRST_WIRE_SPI = 16;

  private static final int WIRES = 4;

  /** The interrupts for messages, as SPI numbers. */
  private static final int FIRST_MESSAGE_SPI = 48;

  private static final int MESSAGE_SPIS = 64;

  /** Slot 0 is where a host bridge would show itself. */
  private static final int FIRST_SLOT = 1;

  private final GicV2m frame;
  private final PciHost host;

  PciAssembly(Ram ram, Gic gic, Vcpu cpu, DmaGuard guard) {
    frame = new GicV2m(gic, FIRST_MESSAGE_SPI, MESSAGE_SPIS);
    DmaMemory memory = new DmaMemory(ram, cpu::invalidateCode, this::message, guard);
    InterruptLine[] wires = new InterruptLine[WIRES];
    for (int i = 0; i < WIRES; i++) {
      wires[i] = gic.line(Gic.FIRST_SPI + FIRST_WIRE_SPI + i);
    }
    host = new PciHost(memory, wires);
  }

  PciHost host() {
    return host;
  }

  /** Devices write their messages straight to the frame's doorbell. */
  private boolean message(long address, int data) {
    if (address != MemoryMap.GIC_V2M + GicV2m.MSI_SETSPI_NS) {
      return false;
    }
    frame.message(data);
    return true;
  }

  /** Plugs in what the providers make, in the order of their names: the same slots every time. */
  void plug(Iterable<PciDeviceProvider> providers, PciContext context) {
    Iterable<PciDeviceProvider> found =
        providers == null ? Providers.of(PciDeviceProvider.class) : providers;
    List<PciDeviceProvider> sorted = new ArrayList<>();
    found.forEach(sorted::add);
    sorted.sort(Comparator.comparing(PciDeviceProvider::name));
    int slot = FIRST_SLOT;
    for (PciDeviceProvider provider : sorted) {
      for (PciDevice device : provider.create(context)) {
        if (slot == PciHost.SLOTS) {
          throw new MachineException("there are more PCI devices than slots: leave some out");
        }
        host.plug(slot, device);
        slot++;
      }
    }
  }

  void attach(Bus bus) {
    bus.attach("message frame", MemoryMap.GIC_V2M, GicV2m.SIZE, frame);
    bus.attach("PCI configuration", MemoryMap.PCI_ECAM, MemoryMap.PCI_ECAM_SIZE, host.ecam());
    bus.attach("PCI I/O", MemoryMap.PCI_IO, MemoryMap.PCI_IO_SIZE, host.ioWindow());
    bus.attach(
        "PCI memory",
        MemoryMap.PCI_MEMORY_32,
        MemoryMap.PCI_MEMORY_32_SIZE,
        host.memoryWindow(MemoryMap.PCI_MEMORY_32));
    bus.attach(
        "PCI memory above 4 GiB",
        MemoryMap.PCI_MEMORY_64,
        MemoryMap.PCI_MEMORY_64_SIZE,
        host.memoryWindow(MemoryMap.PCI_MEMORY_64));
  }

  /** Adds the frame's node to the interrupt controller's, which has 64-bit addresses and sizes. */
  void describeFrame(DeviceTreeBuilder controller, int phandle) {
    controller
        .beginNode("v2m@" + Long.toHexString(MemoryMap.GIC_V2M))
        .string("compatible", "arm,gic-v2m-frame")
        .flag("msi-controller")
        .longs("reg", MemoryMap.GIC_V2M, GicV2m.SIZE)
        .cells("phandle", phandle)
        .endNode();
  }

  /** Adds the host's node (binding pci-host-ecam-generic) to the root node. */
  void describeHost(DeviceTreeBuilder root, int controller, int messages) {
    PciNode.write(root, controller, messages, FIRST_WIRE_SPI);
  }

  /** What providers get to see. */
  record Parts(MachineClock clock, DeviceContext devices, Vcpu cpu, PowerSwitch power)
      implements PciContext {
    @Override
    public <T> T backend(String name, Class<T> type) {
      return devices.backend(name, type);
    }

    @Override
    public DeferredCall deferred(Runnable work) {
      return cpu.deferredCalls().create(work);
    }

    @Override
    public void powerFailed(String reason) {
      power.fail(reason);
    }
  }
}
