package orrery.perf.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs the pairs of {@link SurfaceBench} and {@link DriverBench} turn by turn, each time in a new
 * JVM, and prints the ratio of the medians. For a machine that others use too: what counts is
 * processor time, a JVM's figure is its fastest short iteration, the one that nobody disturbed, and
 * a noisy quarter of an hour is noisy for both of a pair.
 *
 * <p>Arguments: how many rounds (15), then the pairs (all: mmio, ring, buffer, driver, model).
 */
public final class Pairs {
  private static final int ROUNDS = 15;
  private static final int WARM_UP = 100;
  private static final int ITERATIONS = 40;
  private static final TimeValue SHORT = TimeValue.milliseconds(20);
  private static final String[] PAIRS = {"mmio", "ring", "buffer", "driver", "model"};
  private static final String TYPED = "Typed";
  private static final String RAW = "Raw";
  private static final String ALLOCATED = "gc.alloc.rate.norm";

  /** What each JVM measured of one benchmark, and the most that it allocated. */
  private static final class Series {
    private final String benchmark;
    private final List<Double> nanos = new ArrayList<>();
    private double bytes;

    Series(String benchmark) {
      this.benchmark = benchmark;
    }

    void measure() throws RunnerException {
      Collection<RunResult> results =
          new Runner(
                  new OptionsBuilder()
                      .include("Bench." + benchmark + "$")
                      .forks(1)
                      .warmupIterations(WARM_UP)
                      .warmupTime(SHORT)
                      .measurementIterations(ITERATIONS)
                      .measurementTime(SHORT)
                      .addProfiler(GCProfiler.class)
                      .addProfiler(CpuTimeProfiler.class)
                      .verbosity(VerboseMode.SILENT)
                      .shouldFailOnError(true)
                      .jvmArgs(
                          "--enable-native-access=ALL-UNNAMED",
                          "--sun-misc-unsafe-memory-access=allow",
                          "-XX:+UseSerialGC")
                      .build())
              .run();
      double fastest = Double.MAX_VALUE;
      for (RunResult result : results) {
        bytes = Math.max(bytes, result.getSecondaryResults().get(ALLOCATED).getScore());
        for (var fork : result.getBenchmarkResults()) {
          for (IterationResult iteration : fork.getIterationResults()) {
            fastest =
                Math.min(
                    fastest, iteration.getSecondaryResults().get(CpuTimeProfiler.NORM).getScore());
          }
        }
      }
      nanos.add(fastest);
    }

    double median() {
      return quantile(nanos.stream().mapToDouble(n -> n).toArray(), 2);
    }
  }

  private Pairs() {}

  /** Prints a line for each pair. */
  public static void main(String[] arguments) throws RunnerException {
    int rounds = arguments.length == 0 ? ROUNDS : Integer.parseInt(arguments[0]);
    List<String> pairs =
        arguments.length < 2 ? List.of(PAIRS) : List.of(arguments).subList(1, arguments.length);
    for (String pair : pairs) {
      Series typed = new Series(pair + TYPED);
      Series raw = new Series(pair + RAW);
      double[] ratios = new double[rounds];
      for (int round = 0; round < rounds; round++) {
        typed.measure();
        raw.measure();
        ratios[round] = typed.nanos.get(round) / raw.nanos.get(round);
      }
      System.out.printf(
          Locale.ROOT,
          "%-7s typed %.2f ns, raw %.2f ns, ratio %.3f (rounds: quartiles %.3f to %.3f);"
              + " B/op: typed %.2f, raw %.2f%n",
          pair,
          typed.median(),
          raw.median(),
          typed.median() / raw.median(),
          quantile(ratios, 1),
          quantile(ratios, 3),
          typed.bytes,
          raw.bytes);
    }
  }

  /** The quartile of some figures, 2 for the median, between two of them where needed. */
  private static double quantile(double[] figures, int quarter) {
    double[] sorted = figures.clone();
    Arrays.sort(sorted);
    double at = (sorted.length - 1) * quarter / 4.0;
    int below = (int) at;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (sorted[above] - sorted[below]) * (at - below);
  }
}
