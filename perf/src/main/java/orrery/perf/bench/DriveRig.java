package orrery.perf.bench;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import orrery.device.nvme.Drive;
import orrery.device.nvme.Drives;
import orrery.device.nvme.NvmeProvider;
import orrery.device.uart.DisconnectedLine;
import orrery.device.uart.Pl011Provider;
import orrery.kernel.DriverKernel;
import orrery.kernel.block.BlockIo;
import orrery.kernel.block.BlockOperation;
import orrery.kernel.block.BlockStatus;
import orrery.kernel.block.RequestQueue;
import orrery.machine.Machine;
import orrery.machine.MachineBuilder;
import orrery.ownership.Census;
import orrery.perf.twin.BareControllerProvider;
import orrery.perf.twin.TwinDriver;

/**
 * A machine with one NVMe drive of 16 MiB and a kernel of drivers alone, whose thread waits while a
 * benchmark uses the block layer.
 */
final class DriveRig {
  /** Reads at once. */
  static final int DEPTH = 32;

  private static final int PAGE = 4096;
  private static final int PAGES = 4096;
  private static final int MEMORY = 128 << 20;
  private static final long MULTIPLIER = 6364136223846793005L;
  private static final int HIGH_BITS = 33;

  private final CountDownLatch started = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private final long[] frames = new long[DEPTH];
  private final Batch batch = new Batch();
  private final Thread machine;
  private final DriverKernel kernel = new DriverKernel(this::lend, Census.ofHandles());
  private final Path image;
  private final TwinDriver.Kind driver;
  private RequestQueue queue;
  private RuntimeException failure;
  private long random = 1;

  /** What waits for the reads. */
  private static final class Batch extends BlockIo {
    private boolean done;

    @Override
    protected void finished(BlockStatus how) {
      done = how == BlockStatus.OK;
    }
  }

  /**
   * Starts the machine.
   *
   * @param driver whose driver drives the drive
   * @param moves whether the controller is the real model, on a mapped file; else it moves no data
   */
  DriveRig(TwinDriver.Kind driver, boolean moves) throws IOException, InterruptedException {
    this.driver = driver;
    image = moves ? image() : null;
    machine = Thread.ofPlatform().start(this::runMachine);
    started.await();
    if (failure != null) {
      throw failure;
    }
  }

  private static Path image() throws IOException {
    Path made = Files.createTempFile("nvme", ".img");
    try (RandomAccessFile file = new RandomAccessFile(made.toFile(), "rw")) {
      for (int i = 0; i < PAGES; i++) {
        file.write(new byte[PAGE]);
      }
    }
    return made;
  }

  private void runMachine() {
    MachineBuilder builder =
        Machine.builder()
            .memory(MEMORY)
            .hostedKernel(
                platform -> {
                  TwinDriver.takeOver(driver, platform);
                  kernel.start(platform);
                })
            .pci(true)
            .backend(Pl011Provider.CONSOLE, new DisconnectedLine())
            .backend(Pl011Provider.ERRORS, new DisconnectedLine());
    if (image == null) {
      builder.backend(BareControllerProvider.BLOCKS, (long) PAGES);
    } else {
      Drive drive = new Drive(image, false, true, false, null);
      builder.backend(NvmeProvider.DRIVES, new Drives(List.of(drive)));
    }
    try (Machine m = builder.build()) {
      m.run();
    } catch (RuntimeException e) {
      failure = e;
    }
    started.countDown();
  }

  private void lend(DriverKernel lent) {
    queue = lent.disk("nvme0n1");
    for (int i = 0; i < DEPTH; i++) {
      frames[i] = lent.frame();
    }
    started.countDown();
    try {
      ended.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Switches the machine off. */
  void close() throws IOException, InterruptedException {
    ended.countDown();
    machine.join();
    if (image != null) {
      Files.delete(image);
    }
  }

  /**
   * 32 reads of 4 KiB at random places.
   *
   * @param polled whether completions are looked for, or interrupt
   */
  boolean read32(boolean polled) {
    batch.done = false;
    batch.begin();
    queue.plug();
    for (int i = 0; i < DEPTH; i++) {
      random = random * MULTIPLIER + 1;
      long page = (random >>> HIGH_BITS) % PAGES;
      queue.transfer(batch, BlockOperation.READ, page * PAGE, frames[i], 0, PAGE, false, polled);
    }
    queue.unplug();
    batch.submitted();
    if (polled) {
      queue.poll();
    } else {
      kernel.serve();
    }
    if (!batch.done) {
      throw new IllegalStateException("the reads have not ended");
    }
    return batch.done;
  }
}
