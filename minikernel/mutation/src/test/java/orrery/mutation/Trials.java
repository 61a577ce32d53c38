package orrery.mutation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import orrery.mutation.Trial.Outcome;

/** Tries many mutants of a driver at once, two at a time. */
final class Trials {
  private static final int WORKERS = 2;

  private final Driver driver;
  private final List<Mutant> mutants;
  private final Outcome[] outcomes;
  private final AtomicInteger next = new AtomicInteger();

  private Trials(Driver driver, List<Mutant> mutants) {
    this.driver = driver;
    this.mutants = mutants;
    this.outcomes = new Outcome[mutants.size()];
  }

  /** What becomes of each, in the order of the mutants. */
  static List<Outcome> of(Driver driver, List<Mutant> mutants) throws IOException {
    Trials trials = new Trials(driver, mutants);
    trials.run();
    return Arrays.asList(trials.outcomes);
  }

  private void run() throws IOException {
    try (ExecutorService workers = Executors.newFixedThreadPool(WORKERS)) {
      List<Future<?>> ends = new ArrayList<>();
      for (int i = 0; i < WORKERS; i++) {
        ends.add(workers.submit(this::work));
      }
      for (Future<?> end : ends) {
        end.get();
      }
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private Void work() throws IOException {
    try (Trial trial = new Trial(driver)) {
      for (int i = next.getAndIncrement(); i < outcomes.length; i = next.getAndIncrement()) {
        outcomes[i] = trial.of(mutants.get(i));
      }
      return null;
    }
  }
}
