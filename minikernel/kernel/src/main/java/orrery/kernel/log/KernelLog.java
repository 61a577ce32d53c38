package orrery.kernel.log;

import java.util.function.Consumer;

/**
 * The kernel's messages: the last ones are kept for syslog(2), and all of them go to the machine's
 * diagnostics when it is verbose.
 */
public final class KernelLog {
  private static final int CAPACITY = 512;

  private final String[] lines = new String[CAPACITY];
  private final long[] times = new long[CAPACITY];
  private final Consumer<String> diagnostics;
  private long count;

  /**
   * @param diagnostics takes each line too; null if nobody wants them
   */
  public KernelLog(Consumer<String> diagnostics) {
    this.diagnostics = diagnostics;
  }

  /** True if somebody reads along, so that costly lines are worth making. */
  public boolean isVerbose() {
    return diagnostics != null;
  }

  /** Adds a line, without its end. */
  public void line(String text) {
    int i = (int) (count++ % CAPACITY);
    lines[i] = text;
    times[i] = System.nanoTime();
    if (diagnostics != null) {
      diagnostics.accept(text);
    }
  }

  /** Lines said so far; those from {@link #oldest} on are still there. */
  public long count() {
    return count;
  }

  /** Number of the oldest line that is kept. */
  public long oldest() {
    return Math.max(0, count - CAPACITY);
  }

  /** Line {@code number}, from {@link #oldest} up to {@link #count}. */
  public String text(long number) {
    return lines[(int) (number % CAPACITY)];
  }

  /** When line {@code number} was said, by {@link System#nanoTime}. */
  public long time(long number) {
    return times[(int) (number % CAPACITY)];
  }
}
