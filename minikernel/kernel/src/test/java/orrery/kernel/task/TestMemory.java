package orrery.kernel.task;

import orrery.kernel.abi.MapFlag;
import orrery.kernel.hw.PhysicalMemory;
import orrery.kernel.memory.AddressSpace;
import orrery.kernel.memory.CpuMmu;
import orrery.kernel.memory.FrameAllocator;
import orrery.kernel.memory.KernelMemory;
import orrery.machine.Ram;
import orrery.machine.cpu.Vcpu;

/** The address space of {@link ProgramFixture}'s processes. */
final class TestMemory {
  /** The engine keeps RAM's first pages for itself. */
  private static final long ENGINE = 1 << 20;

  private static final int WRITABLE = MapFlag.PROT_READ | MapFlag.PROT_WRITE;
  private static final int FIXED = MapFlag.MAP_FIXED | MapFlag.MAP_ANONYMOUS;

  private TestMemory() {}

  static AddressSpace make(Ram ram, Vcpu cpu) {
    CpuMmu mmu = new CpuMmu(cpu);
    FrameAllocator frames = new FrameAllocator(new PhysicalMemory(ram, mmu));
    frames.reserve(ram.base(), ENGINE);
    AddressSpace space = new KernelMemory(frames, mmu).newAddressSpace();
    map(space, ProgramFixture.DATA, MapFlag.MAP_PRIVATE);
    map(space, ProgramFixture.SHARED, MapFlag.MAP_SHARED);
    return space;
  }

  private static void map(AddressSpace space, long address, int sharing) {
    space
        .layout()
        .map(address, ProgramFixture.DATA_SIZE, WRITABLE, FIXED | sharing, null, 0, true, null);
  }
}
