package orrery.perf.bench;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs {@link SurfaceBench} in many short iterations and prints the ratio of the fastest ones: on a
 * machine that others use too, the fastest iteration is the one that nobody disturbed.
 */
public final class Pairs {
  private static final int FORKS = 5;
  private static final int ITERATIONS = 60;
  private static final TimeValue SHORT = TimeValue.milliseconds(30);
  private static final String TYPED = "Typed";
  private static final String RAW = "Raw";

  private Pairs() {}

  /** Prints a line for each pair: name, both times in ns, ratio. */
  public static void main(String[] arguments) throws RunnerException {
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .include(SurfaceBench.class.getSimpleName())
                    .forks(FORKS)
                    .warmupIterations(ITERATIONS / 4)
                    .warmupTime(SHORT)
                    .measurementIterations(ITERATIONS)
                    .measurementTime(SHORT)
                    .jvmArgs("--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC")
                    .build())
            .run();
    Map<String, Double> fastest = new TreeMap<>();
    for (RunResult result : results) {
      String name = result.getParams().getBenchmark();
      for (BenchmarkResult fork : result.getBenchmarkResults()) {
        for (IterationResult iteration : fork.getIterationResults()) {
          fastest.merge(
              name.substring(name.lastIndexOf('.') + 1),
              iteration.getPrimaryResult().getScore(),
              Math::min);
        }
      }
    }
    fastest.forEach(
        (name, typed) -> {
          Double raw = fastest.get(name.replace(TYPED, RAW));
          if (name.endsWith(TYPED) && raw != null) {
            System.out.printf(
                Locale.ROOT,
                "%-8s typed %.3f ns, raw %.3f ns, ratio %.3f%n",
                name.replace(TYPED, ""),
                typed,
                raw,
                typed / raw);
          }
        });
  }
}
