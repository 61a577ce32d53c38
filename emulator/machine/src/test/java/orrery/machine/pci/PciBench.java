package orrery.machine.pci;

import java.util.ArrayList;
import java.util.List;
import orrery.machine.Ram;
import orrery.machine.bus.Bus;
import orrery.machine.bus.MmioDevice;
import orrery.machine.dma.DmaMemory;
import orrery.machine.irq.InterruptLine;

/** A PCI host on a bus, with its wires and messages recorded. */
final class PciBench implements AutoCloseable {
  static final long ECAM = 0x3f00_0000L;
  static final long WINDOW_32 = 0x1000_0000L;
  static final long WINDOW_32_SIZE = 0x2eff_0000L;
  static final long WINDOW_IO = 0x3eff_0000L;
  static final long WINDOW_64 = 0x80_0000_0000L;
  static final long WINDOW_64_SIZE = 0x80_0000_0000L;
  static final long DOORBELL = 0x0802_0040L;
  static final long RAM = 0x4000_0000L;

  final Ram ram = new Ram(RAM, 1 << 20);
  final boolean[] wires = new boolean[4];
  final List<Integer> messages = new ArrayList<>();
  final Bus bus = new Bus();
  final PciHost host;

  /** A host with one device of these functions in slot 1. */
  PciBench(PciDevice... functions) {
    DmaMemory memory = new DmaMemory(ram, (physical, length) -> {}, this::message);
    host = new PciHost(memory, wire(0), wire(1), wire(2), wire(3));
    if (functions.length > 0) {
      host.plug(1, functions);
    }
    bus.attach("configuration", ECAM, 16 << 20, host.ecam());
    bus.attach("window", WINDOW_32, WINDOW_32_SIZE, host.memoryWindow(WINDOW_32));
    bus.attach("I/O", WINDOW_IO, 0x1_0000, host.ioWindow());
    bus.attach("high window", WINDOW_64, WINDOW_64_SIZE, host.memoryWindow(WINDOW_64));
  }

  private boolean message(long address, int data) {
    if (address != DOORBELL) {
      return false;
    }
    messages.add(data);
    return true;
  }

  private InterruptLine wire(int n) {
    return new InterruptLine() {
      @Override
      public void raise() {
        wires[n] = true;
      }

      @Override
      public void lower() {
        wires[n] = false;
      }
    };
  }

  /** Where the configuration space of function {@code function} in slot 1 is. */
  static long config(int function) {
    return ECAM + (1 << 15) + ((long) function << 12);
  }

  long get(int at, int width) {
    return bus.read(config(0) + at, width);
  }

  void put(int at, int width, long value) {
    bus.write(config(0) + at, width, value);
  }

  /** The offset of a capability, 0 if it is not in the list. */
  int capability(int id) {
    int at = (int) get(ConfigRegisters.CAPABILITIES, 1);
    for (int i = 0; at != 0 && i < 64; i++) {
      if (get(at, 1) == id) {
        return at;
      }
      at = (int) get(at + 1, 1);
    }
    return 0;
  }

  @Override
  public void close() {
    ram.close();
  }

  /** A device made of a configuration that counts its resets. */
  static final class Device implements PciDevice {
    final PciConfiguration configuration;
    PciFunction function;
    int resets;
    long offDeadline;

    Device(PciConfiguration configuration) {
      this.configuration = configuration;
    }

    @Override
    public PciConfiguration configuration() {
      return configuration;
    }

    @Override
    public void connected(PciFunction itsFunction) {
      function = itsFunction;
    }

    @Override
    public void reset() {
      resets++;
    }

    @Override
    public void powerOff(long deadline) {
      offDeadline = deadline;
    }
  }

  /** Registers that say who they are: the identity in the upper half, the offset in the lower. */
  static final class Registers implements MmioDevice {
    final int identity;
    long lastOffset = -1;
    long lastValue;
    int lastWidth;

    Registers(int identity) {
      this.identity = identity;
    }

    @Override
    public long read(long offset, int width) {
      return (long) identity << 16 | offset & 0xffff;
    }

    @Override
    public void write(long offset, int width, long value) {
      lastOffset = offset;
      lastValue = value;
      lastWidth = width;
    }
  }
}
