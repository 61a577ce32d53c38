package orrery.kernel.block;

import java.util.ArrayList;
import java.util.List;
import orrery.kernel.device.DriverFixture;
import orrery.kernel.memory.MemoryFixture;
import orrery.machine.clock.MachineClock;
import orrery.machine.dma.DmaGuard;
import orrery.machine.dma.DmaMemory;
import orrery.machine.dma.DmaPort;
import orrery.machine.dma.GuardMode;
import orrery.ownership.Census;

/** A disk in memory behind the block layer, with a strict DMA guard. */
public final class BlockFixture implements AutoCloseable {
  private static final int REQUESTER = 8;

  public final List<String> violations = new ArrayList<>();
  public final MemoryFixture memory = new MemoryFixture(32);
  public final MachineClock clock = new MachineClock();
  public final DriverFixture driver;
  public final RamDisk disk;
  public final RequestQueue queue;

  public BlockFixture(DiskGeometry geometry) {
    this(geometry, Census.withBirthPlaces());
  }

  public BlockFixture(DiskGeometry geometry, Census census) {
    driver = new DriverFixture(memory.frames, clock, census);
    DmaGuard guard = new DmaGuard(GuardMode.STRICT, violations::add);
    DmaPort port =
        new DmaPort(
            new DmaMemory(memory.ram(), (at, length) -> {}, (at, data) -> false, guard), REQUESTER);
    port.enable(true);
    disk = new RamDisk(driver, port, driver.controller(guard.windows(REQUESTER)), geometry);
    queue = disk.queue();
  }

  @Override
  public void close() {
    if (driver.isBound()) {
      driver.unbind();
    }
    memory.close();
    if (!violations.isEmpty()) {
      throw new AssertionError(violations.toString());
    }
    if (driver.census.live() != 0) {
      throw new AssertionError(driver.census.survivors().toString());
    }
  }
}
