package orrery.machine;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import orrery.machine.boot.BootMemory;
import orrery.machine.boot.BootPayload;
import orrery.machine.boot.Firmware;
import orrery.machine.boot.KernelFile;
import orrery.machine.boot.LoadedKernel;
import orrery.machine.bus.Bus;
import orrery.machine.clock.MachineClock;
import orrery.machine.cpu.CpuChoice;
import orrery.machine.cpu.GuestMemory;
import orrery.machine.cpu.MmioDispatcher;
import orrery.machine.cpu.Vcpu;
import orrery.machine.dma.DmaGuard;
import orrery.machine.dma.GuardMode;
import orrery.machine.fdt.DeviceTreeBuilder;
import orrery.machine.irq.Gic;
import orrery.machine.irq.InterruptLine;
import orrery.machine.pci.PciDeviceProvider;
import orrery.machine.pci.PciHost;

/** Describes a machine and builds it. One thread; {@link #build} once. */
public final class MachineBuilder {
  private static final long DEFAULT_MEMORY = 512L << 20;

  /** INTIDs of the interrupt controller: 256 shared ones. */
  private static final int INTERRUPTS = 288;

  private static final int VIRTUAL_TIMER_INTID = 27;
  private static final int PHYSICAL_TIMER_INTID = 30;

  /** As many as the interrupt controller serves. */
  private static final int MAX_CPUS = 8;

  private long memory = DEFAULT_MEMORY;
  private int cpus = 1;
  private CpuChoice cpuChoice;
  private byte[] firmware;
  private KernelFile kernel;
  private Symbolizer symbols = Symbolizer.NONE;
  private BootPayload initrd;
  private HostedKernel hostedKernel;
  private String bootArguments = "";
  private final List<Consumer<DeviceTreeBuilder>> chosen = new ArrayList<>();
  private final Map<String, Object> backends = new HashMap<>();
  private Iterable<DeviceProvider> providers;
  private boolean pci;
  private Iterable<PciDeviceProvider> pciProviders;
  private DmaGuard dmaGuard = DmaGuard.off();
  private TimeLimit timeLimit;
  private boolean verbose;

  MachineBuilder() {}

  /** The size of the memory in bytes, a multiple of 64 KiB; 512 MiB if not said. */
  public MachineBuilder memory(long bytes) {
    memory = bytes;
    return this;
  }

  /**
   * How many CPUs there are, 1 if not said. All but the first are off until the guest switches them
   * on by PSCI.
   *
   * @throws MachineException if {@code count} is not from 1 to 8
   */
  public MachineBuilder cpus(int count) {
    if (count < 1 || count > MAX_CPUS) {
      throw new MachineException("a machine has 1 to " + MAX_CPUS + " CPUs, not " + count);
    }
    cpus = count;
    return this;
  }

  /** Which way the CPU takes into the engine; what the environment says if not said. */
  public MachineBuilder cpu(CpuChoice choice) {
    cpuChoice = choice;
    return this;
  }

  /** Other firmware than the machine's own, at most 64 KiB. */
  public MachineBuilder firmware(byte[] image) {
    firmware = image.clone();
    return this;
  }

  /** A guest kernel. */
  public MachineBuilder kernel(KernelFile file) {
    kernel = file;
    return this;
  }

  /** The initial file system. */
  public MachineBuilder initrd(BootPayload archive) {
    initrd = archive;
    return this;
  }

  /** The kernel that takes EL1's place. */
  public MachineBuilder hostedKernel(HostedKernel hosted) {
    hostedKernel = hosted;
    return this;
  }

  /** The kernel's command line. */
  public MachineBuilder bootArguments(String arguments) {
    bootArguments = arguments;
    return this;
  }

  /** Adds properties to the device tree's {@code /chosen}. */
  public MachineBuilder chosen(Consumer<DeviceTreeBuilder> properties) {
    chosen.add(properties);
    return this;
  }

  /** Plugs something of the host into a device; the device's provider says under which name. */
  public MachineBuilder backend(String name, Object backend) {
    backends.put(name, backend);
    return this;
  }

  /** The providers of devices; those that {@link Providers} finds if not said. */
  public MachineBuilder devices(Iterable<DeviceProvider> deviceProviders) {
    providers = deviceProviders;
    return this;
  }

  /** Whether the machine has PCI, with the devices that {@link Providers} finds; no if not said. */
  public MachineBuilder pci(boolean on) {
    pci = on;
    return this;
  }

  /** Gives the machine PCI with the devices of these providers. */
  public MachineBuilder pciDevices(Iterable<PciDeviceProvider> deviceProviders) {
    pci = true;
    pciProviders = deviceProviders;
    return this;
  }

  /**
   * How devices are confined to the memory that the kernel lends them; not at all if not said.
   *
   * @param log gets a line for each violation
   */
  public MachineBuilder dmaGuard(GuardMode mode, Consumer<String> log) {
    dmaGuard = new DmaGuard(mode, log);
    return this;
  }

  /** Switches the machine off with {@code status} when it has run for {@code limit}. */
  public MachineBuilder timeLimit(Duration limit, int status) {
    timeLimit = new TimeLimit(limit.toNanos(), status);
    return this;
  }

  /** Whether firmware and kernel say what they do. */
  public MachineBuilder verbose(boolean on) {
    verbose = on;
    return this;
  }

  /**
   * Builds the machine, with everything in memory and the CPU in reset.
   *
   * @throws MachineException if parts do not fit together or the host has not what they need
   */
  public Machine build() {
    Ram rom = new Ram(MemoryMap.FIRMWARE, MemoryMap.FIRMWARE_SIZE);
    Ram ram = null;
    Vcpu cpu = null;
    try {
      ram = new Ram(MemoryMap.RAM, memory);
      BootMemory boot = new BootMemory(ram);
      MachineClock clock = new MachineClock();
      Bus bus = new Bus();
      cpu =
          new Vcpu(
              List.of(
                  new GuestMemory(ram.base(), ram.segment(), true),
                  new GuestMemory(rom.base(), rom.segment(), false)),
              dispatcher(bus),
              clock,
              cpus,
              cpuChoice == null
                  ? CpuChoice.of(System.getenv(CpuChoice.ENVIRONMENT_VARIABLE))
                  : cpuChoice,
              line -> System.err.println("orrery: " + line));
      if (hostedKernel != null && !cpu.canHostKernels()) {
        throw new MachineException(
            "by its public interface the engine runs guest kernels only: use boot, or the"
                + " engine of version 2.1.4");
      }
      InterruptLine[] lines = new InterruptLine[cpus];
      Arrays.setAll(lines, cpu::irq);
      Gic gic = new Gic(INTERRUPTS, lines);
      attachGic(bus, gic, cpu, cpus);
      Context context = new Context(clock, gic, backends);
      List<PlatformDevice> devices = devices(context);
      for (PlatformDevice device : devices) {
        bus.attach(device.name(), device.base(), device.size(), device.registers());
      }
      PowerSwitch power = new PowerSwitch(cpu::halt);
      PciAssembly pciAssembly = pci ? pci(bus, ram, cpu, context, power) : null;
      loadFirmware(rom);
      boot.placeDeviceTree(describe(boot, ram, devices, pciAssembly));
      Machine.Parts parts = new Machine.Parts(rom, ram, bus, cpu, clock, devices, symbols);
      RunningMachine running = new RunningMachine(parts, power, hostedKernel, dmaGuard, verbose);
      cpu.deadEnd(running);
      cpu.hypercalls(new Hypercalls(new Psci(cpu.power(), running), running));
      PciHost pci = pciAssembly == null ? null : pciAssembly.host();
      return new Machine(parts, power, running, timeLimit, pci);
    } catch (RuntimeException | Error e) {
      if (cpu != null) {
        cpu.close();
      }
      if (ram != null) {
        ram.close();
      }
      rom.close();
      throw e;
    }
  }

  private PciAssembly pci(Bus bus, Ram ram, Vcpu cpu, Context context, PowerSwitch power) {
    PciAssembly assembly = new PciAssembly(ram, context.gic(), cpu, dmaGuard);
    assembly.plug(pciProviders, new PciAssembly.Parts(context.clock(), context, cpu, power));
    assembly.attach(bus);
    return assembly;
  }

  private byte[] describe(
      BootMemory boot, Ram ram, List<PlatformDevice> devices, PciAssembly pciAssembly) {
    Long entry = kernel == null ? null : placeKernel(boot);
    BootMemory.Placement archive = initrd == null ? null : boot.placeInitrd(initrd);
    return new MachineDescription()
        .write(
            ram,
            cpus,
            devices,
            pciAssembly,
            new MachineDescription.Chosen(
                bootArguments, archive, entry, hostedKernel != null, !verbose, chosen));
  }

  private long placeKernel(BootMemory boot) {
    LoadedKernel loaded = boot.placeKernel(kernel);
    symbols = loaded.symbols();
    return loaded.entry();
  }

  private void loadFirmware(Ram rom) {
    byte[] image = firmware == null ? Firmware.image() : firmware;
    if (image.length > rom.size()) {
      throw new MachineException(
          "the firmware has " + image.length + " bytes, 64 KiB is the limit");
    }
    MemorySegment.copy(image, 0, rom.segment(), JAVA_BYTE, 0, image.length);
  }

  private List<PlatformDevice> devices(DeviceContext context) {
    Iterable<DeviceProvider> found =
        providers == null ? Providers.of(DeviceProvider.class) : providers;
    List<PlatformDevice> devices = new ArrayList<>();
    for (DeviceProvider provider : found) {
      devices.addAll(provider.create(context));
    }
    devices.sort((a, b) -> Long.compareUnsigned(a.base(), b.base()));
    return List.copyOf(devices);
  }

  private static void attachGic(Bus bus, Gic gic, Vcpu cpu, int cpus) {
    bus.attach(
        "interrupt distributor",
        MemoryMap.GIC_DISTRIBUTOR,
        MemoryMap.GIC_DISTRIBUTOR_SIZE,
        gic.distributor());
    bus.attach(
        "interrupt CPU interface",
        MemoryMap.GIC_CPU_INTERFACE,
        MemoryMap.GIC_CPU_INTERFACE_SIZE,
        gic.cpuInterface());
    for (int i = 0; i < cpus; i++) {
      cpu.timer(
          i, gic.privateLine(i, VIRTUAL_TIMER_INTID), gic.privateLine(i, PHYSICAL_TIMER_INTID));
    }
    cpu.turns(gic::running);
  }

  private static MmioDispatcher dispatcher(Bus bus) {
    return new MmioDispatcher() {
      @Override
      public long read(long address, int width) {
        return bus.read(address, width);
      }

      @Override
      public void write(long address, int width, long value) {
        bus.write(address, width, value);
      }
    };
  }
}
