package orrery.machine.cpu;

import java.util.ArrayList;
import java.util.List;
import orrery.machine.MachineException;
import orrery.machine.bus.BusFault;
import orrery.unicorn.Hook;
import orrery.unicorn.Protection;
import orrery.unicorn.Unicorn;

/** What stands at which physical address: memory, and everywhere else devices. */
final class PhysicalMap {
  /** Where physical addresses end: 44 bits, Cortex-A72's. */
  private static final long ADDRESS_SPACE = 1L << 44;

  private static final int INSTRUCTION_BYTES = 4;

  private final List<GuestMemory> memory;

  /** {@code memory} begins with RAM. */
  PhysicalMap(List<GuestMemory> memory) {
    if (memory.isEmpty() || !memory.getFirst().writable()) {
      throw new MachineException("the first memory of a machine must be RAM");
    }
    this.memory = List.copyOf(memory);
  }

  GuestMemory ram() {
    return memory.getFirst();
  }

  /** Whether an instruction may lie at an address. */
  boolean isEntry(long address) {
    if ((address & INSTRUCTION_BYTES - 1) != 0) {
      return false;
    }
    for (GuestMemory block : memory) {
      if (address >= block.base() && address < block.end()) {
        return true;
      }
    }
    return false;
  }

  /** Tells the engine, before anything else uses it. */
  void install(Unicorn engine, Accesses accesses) {
    // Memory first, because translated code is told by its place in it.
    for (GuestMemory block : memory) {
      int permissions = block.writable() ? Protection.ALL : Protection.READ | Protection.EXECUTE;
      engine.mapHost(block.base(), permissions, block.segment());
    }
    List<GuestMemory> ascending = new ArrayList<>(memory);
    ascending.sort((a, b) -> Long.compare(a.base(), b.base()));
    long from = 0;
    for (GuestMemory block : ascending) {
      installDevices(engine, accesses, from, block.base());
      from = block.end();
    }
    installDevices(engine, accesses, from, ADDRESS_SPACE);
  }

  private static void installDevices(Unicorn engine, Accesses accesses, long from, long to) {
    if (from < to) {
      DeviceWindow window = new DeviceWindow(accesses, from);
      engine.mapMmio(from, to - from, window, window);
    }
  }

  /** Who makes the accesses to devices and hears how they ended. */
  interface Accesses {
    MmioDispatcher devices();

    /** Nothing answered. */
    void failed(boolean write, long address);

    /** After every access, failed or not. */
    void done();
  }

  /** A range without memory: its accesses go to the machine's bus. */
  private record DeviceWindow(Accesses accesses, long base)
      implements Hook.MmioRead, Hook.MmioWrite {
    @Override
    public long read(long offset, int size) {
      try {
        return accesses.devices().read(base + offset, size);
      } catch (BusFault e) {
        accesses.failed(false, base + offset);
        return 0;
      } finally {
        accesses.done();
      }
    }

    @Override
    public void write(long offset, int size, long value) {
      try {
        accesses.devices().write(base + offset, size, value);
      } catch (BusFault e) {
        accesses.failed(true, base + offset);
      } finally {
        accesses.done();
      }
    }
  }
}
