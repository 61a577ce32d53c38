package orrery.cli;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Makes a time-out end a machine that does not notice it. The CPU leaves the guest's code whenever
 * it is told to, but a driver of the hosted kernel is Java: one that never returns cannot be
 * stopped, so the process has to end with it.
 */
final class Overtime implements AutoCloseable {
  private static final String OURS = "orrery.";

  private final CountDownLatch over = new CountDownLatch(1);
  private final Thread watch;

  /**
   * Begins; returns at once.
   *
   * @param patience the time-out, and how long the machine may then take to end
   * @param machine the thread that runs the machine
   * @param end is told, in one line, where the machine is if it still runs then; on a thread of
   *     ours
   */
  Overtime(Duration patience, Thread machine, Consumer<String> end) {
    watch =
        Thread.ofPlatform().name("overtime").daemon().start(() -> watch(patience, machine, end));
  }

  private void watch(Duration patience, Thread machine, Consumer<String> end) {
    try {
      if (!over.await(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        end.accept("the machine does not end after --timeout: " + place(machine));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody does; the thread ends
    }
  }

  private static String place(Thread machine) {
    return Arrays.stream(machine.getStackTrace())
        .filter(frame -> frame.getClassName().startsWith(OURS))
        .findFirst()
        .map(
            frame ->
                "it is in %s.%s (%s:%d)"
                    .formatted(
                        frame.getClassName(),
                        frame.getMethodName(),
                        frame.getFileName(),
                        frame.getLineNumber()))
        .orElse("it is nowhere in Orrery's own code");
  }

  /** The machine has ended. */
  @Override
  public void close() {
    over.countDown();
  }

  /** Waits for the thread, which {@link #close} or the end of the patience lets end. */
  void join() throws InterruptedException {
    watch.join();
  }
}
