package orrery.kernel.hw;

import java.util.ArrayList;
import java.util.List;
import orrery.kernel.memory.FrameAllocator;
import orrery.machine.Ram;
import orrery.machine.bus.Bus;
import orrery.machine.bus.MmioDevice;
import orrery.machine.dma.DmaFault;
import orrery.machine.dma.DmaGuard;
import orrery.machine.dma.DmaPort;
import orrery.machine.dma.GuardMode;
import orrery.ownership.Census;

/** A device's surface on bare memory, with the device's own way to memory beside it. */
final class SurfaceFixture implements AutoCloseable {
  static final long REGISTERS = 0x1000_0000;
  private static final int REQUESTER = 8;

  final List<String> violations = new ArrayList<>();
  final Census census;
  final Resources resources;
  final Bus bus = new Bus();
  final Ram ram = new Ram(0x4000_0000, 16 << 20);
  final FrameAllocator frames;
  final DmaGuard guard = new DmaGuard(GuardMode.STRICT, violations::add);
  final DmaPort device;
  final Dma dma;

  SurfaceFixture() {
    this(Census.withBirthPlaces());
  }

  SurfaceFixture(Census census) {
    this.census = census;
    resources = new Resources("test device", census);
    PhysicalMemory physical = new PhysicalMemory(ram, (address, length) -> {});
    frames = new FrameAllocator(physical);
    DmaMemory memory =
        new DmaMemory(
            ram,
            physical,
            new DmaFrames() {
              @Override
              public long allocate(int count) {
                return frames.allocateRun(count);
              }

              @Override
              public void release(long frame) {
                frames.release(frame);
              }
            });
    device =
        new DmaPort(
            new orrery.machine.dma.DmaMemory(
                ram, (address, length) -> {}, (address, data) -> false, guard),
            REQUESTER);
    device.enable(true);
    dma = new Dma(resources, memory, guard.windows(REQUESTER));
  }

  /** Puts registers on the bus. */
  void attach(long size, MmioDevice registers) {
    bus.attach("registers", REGISTERS, size, registers);
  }

  /** Whether the device can write a byte. */
  boolean deviceWrites(long address) {
    try {
      device.writeByte(address, (byte) 1);
      return true;
    } catch (DmaFault e) {
      return false;
    }
  }

  @Override
  public void close() {
    ram.close();
  }
}
