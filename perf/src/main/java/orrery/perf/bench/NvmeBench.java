package orrery.perf.bench;

import java.io.IOException;
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
import orrery.perf.twin.TwinDriver;

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
  /** Whether completions are looked for, or interrupt. */
  @Param({"true", "false"})
  public boolean polled;

  private DriveRig rig;

  /** For JMH. */
  public NvmeBench() {}

  /** A machine with a drive. */
  @Setup(Level.Trial)
  public void setUp() throws IOException, InterruptedException {
    rig = new DriveRig(TwinDriver.Kind.TYPED, true);
  }

  /** Switches the machine off. */
  @TearDown(Level.Trial)
  public void tearDown() throws IOException, InterruptedException {
    rig.close();
  }

  /** 32 reads. */
  @Benchmark
  @OperationsPerInvocation(DriveRig.DEPTH)
  public boolean read32() {
    return rig.read32(polled);
  }
}
