package orrery.perf.bench;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import orrery.device.nvme.Drive;
import orrery.device.nvme.Drives;
import orrery.device.nvme.NvmeProvider;
import orrery.device.uart.Pl011Provider;
import orrery.device.uart.SerialBackend;
import orrery.kernel.DriverKernel;
import orrery.kernel.block.BlockIo;
import orrery.kernel.block.BlockOperation;
import orrery.kernel.block.BlockStatus;
import orrery.kernel.block.RequestQueue;
import orrery.machine.Machine;
import orrery.ownership.Census;

/**
 * Random reads of 4 KiB through block layer, driver, bus and controller model from a mapped file,
 * 32 at a time, without a program or a CPU that runs one. Units are of one read.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class NvmeBench {
  private static final int DEPTH = 32;
  private static final int PAGE = 4096;
  private static final int PAGES = 4096;
  private static final long MULTIPLIER = 6364136223846793005L;
  private static final int HIGH_BITS = 33;

  /** Whether completions are looked for, or interrupt. */
  @Param({"true", "false"})
  public boolean polled;

  private final CountDownLatch started = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private final long[] frames = new long[DEPTH];
  private final Batch batch = new Batch();
  private Thread machine;
  private Path image;
  private DriverKernel kernel;
  private RequestQueue queue;
  private long random = 1;

  /** For JMH. */
  public NvmeBench() {}

  /** What waits for the reads. */
  private static final class Batch extends BlockIo {
    private boolean done;

    @Override
    protected void finished(BlockStatus how) {
      done = how == BlockStatus.OK;
    }
  }

  /** A line that nobody reads. */
  private static final class NoLine implements SerialBackend {
    @Override
    public int available() {
      return 0;
    }

    @Override
    public int take() {
      return -1;
    }

    @Override
    public int room() {
      return 1;
    }

    @Override
    public boolean offer(int octet) {
      return true;
    }

    @Override
    public void listener(Runnable changed) {
      // nothing changes
    }

    @Override
    public void drain(long deadline) {
      // nothing is kept
    }
  }

  /** A machine whose thread waits in its kernel while the benchmark uses that. */
  @Setup(Level.Trial)
  public void setUp() throws IOException, InterruptedException {
    image = Files.createTempFile("nvme", ".img");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      for (int i = 0; i < PAGES; i++) {
        file.write(new byte[PAGE]);
      }
    }
    kernel = new DriverKernel(this::lend, Census.ofHandles());
    machine = Thread.ofPlatform().start(this::runMachine);
    started.await();
  }

  private void runMachine() {
    Drive drive = new Drive(image, false, true, false, null);
    try (Machine m =
        Machine.builder()
            .memory(128 << 20)
            .hostedKernel(kernel)
            .pci(true)
            .backend(NvmeProvider.DRIVES, new Drives(List.of(drive)))
            .backend(Pl011Provider.CONSOLE, new NoLine())
            .backend(Pl011Provider.ERRORS, new NoLine())
            .build()) {
      m.run();
    }
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
  @TearDown(Level.Trial)
  public void tearDown() throws IOException, InterruptedException {
    ended.countDown();
    machine.join();
    Files.delete(image);
  }

  /** 32 reads. */
  @Benchmark
  @OperationsPerInvocation(DEPTH)
  public boolean read32() {
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
