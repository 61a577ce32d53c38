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
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import orrery.perf.twin.TwinDriver;

/**
 * The NVMe driver against its twin on raw memory: 32 polled reads of 4 KiB at a time through the
 * same block layer, from the controller model on a mapped file, and from a controller that moves no
 * data, so that the copy does not hide the driver. Units are of one read.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class DriverBench {
  /** For JMH. */
  public DriverBench() {}

  /** A machine with a drive. */
  @State(Scope.Thread)
  public abstract static class Machine {
    private final TwinDriver.Kind driver;
    private final boolean moves;
    private DriveRig rig;

    Machine(TwinDriver.Kind driver, boolean moves) {
      this.driver = driver;
      this.moves = moves;
    }

    DriveRig rig() {
      return rig;
    }

    /** Starts it. */
    @Setup(Level.Trial)
    public void setUp() throws IOException, InterruptedException {
      rig = new DriveRig(driver, moves);
    }

    /** Switches it off. */
    @TearDown(Level.Trial)
    public void tearDown() throws IOException, InterruptedException {
      rig.close();
    }
  }

  /** The real driver, the real controller. */
  public static class TypedOnModel extends Machine {
    /** For JMH. */
    public TypedOnModel() {
      super(TwinDriver.Kind.TYPED, true);
    }
  }

  /** The twin, the real controller. */
  public static class RawOnModel extends Machine {
    /** For JMH. */
    public RawOnModel() {
      super(TwinDriver.Kind.RAW, true);
    }
  }

  /** The real driver, a controller that moves nothing. */
  public static class TypedOnBare extends Machine {
    /** For JMH. */
    public TypedOnBare() {
      super(TwinDriver.Kind.TYPED, false);
    }
  }

  /** The twin, a controller that moves nothing. */
  public static class RawOnBare extends Machine {
    /** For JMH. */
    public RawOnBare() {
      super(TwinDriver.Kind.RAW, false);
    }
  }

  /** No driver: the block layer alone. */
  public static class Nothing extends Machine {
    /** For JMH. */
    public Nothing() {
      super(TwinDriver.Kind.NONE, false);
    }
  }

  /** The real driver, the real controller. */
  @Benchmark
  @OperationsPerInvocation(DriveRig.DEPTH)
  public boolean modelTyped(TypedOnModel on) {
    return on.rig().read32(true);
  }

  /** The twin, the real controller. */
  @Benchmark
  @OperationsPerInvocation(DriveRig.DEPTH)
  public boolean modelRaw(RawOnModel on) {
    return on.rig().read32(true);
  }

  /** The real driver, a controller that moves nothing. */
  @Benchmark
  @OperationsPerInvocation(DriveRig.DEPTH)
  public boolean driverTyped(TypedOnBare on) {
    return on.rig().read32(true);
  }

  /** The twin, a controller that moves nothing. */
  @Benchmark
  @OperationsPerInvocation(DriveRig.DEPTH)
  public boolean driverRaw(RawOnBare on) {
    return on.rig().read32(true);
  }

  /** The block layer alone. */
  @Benchmark
  @OperationsPerInvocation(DriveRig.DEPTH)
  public boolean blockLayer(Nothing on) {
    return on.rig().read32(true);
  }
}
