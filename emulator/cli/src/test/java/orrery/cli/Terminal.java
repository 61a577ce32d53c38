package orrery.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A program on a real pseudo-terminal, which script(1) makes; the test types and reads the screen.
 */
final class Terminal implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;

  private final Process script;
  private final Path device;
  private final StringBuilder screen = new StringBuilder();
  private int seen;

  /**
   * Starts a shell command on a terminal of 80 columns and 24 rows.
   *
   * @param folder where a file may be made
   */
  Terminal(Path folder, String command) throws IOException {
    device = folder.resolve("terminal");
    String line = "stty cols 80 rows 24; tty > " + device + "; " + command;
    ProcessBuilder builder =
        new ProcessBuilder("script", "-q", "-f", "-e", "-c", line, "/dev/null")
            .directory(Launched.project().toFile())
            .redirectErrorStream(true);
    builder.environment().put("TERM", "xterm");
    script = builder.start();
    Thread.ofPlatform().daemon().start(this::read);
  }

  private void read() {
    byte[] bytes = new byte[4096];
    try (InputStream from = script.getInputStream()) {
      int count;
      while ((count = from.read(bytes)) >= 0) {
        synchronized (screen) {
          screen.append(new String(bytes, 0, count, StandardCharsets.ISO_8859_1));
          screen.notifyAll();
        }
      }
    } catch (IOException e) {
      synchronized (screen) {
        screen.append("(closed: ").append(e.getMessage()).append(')');
        screen.notifyAll();
      }
    }
  }

  /** Waits until {@code text} has appeared behind what was expected before. */
  void expect(String text) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    synchronized (screen) {
      while (true) {
        int at = screen.indexOf(text, seen);
        if (at >= 0) {
          seen = at + text.length();
          return;
        }
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          throw new AssertionError("no '" + text + "' in:\n" + screen.substring(seen));
        }
        TimeUnit.NANOSECONDS.timedWait(screen, left);
      }
    }
  }

  /** All that has appeared. */
  String screen() {
    synchronized (screen) {
      return screen.toString();
    }
  }

  /** Types. */
  void type(String keys) throws IOException {
    script.getOutputStream().write(keys.getBytes(StandardCharsets.ISO_8859_1));
    script.getOutputStream().flush();
  }

  /** Changes the window's size. */
  void resize(int columns, int rows) throws Exception {
    stty("cols", Integer.toString(columns), "rows", Integer.toString(rows));
  }

  /** Runs stty(1) on the terminal. */
  String stty(String... words) throws Exception {
    var command = new ArrayList<>(List.of("stty", "-F", Files.readString(device).strip()));
    command.addAll(List.of(words));
    Launched.Result result = Launched.run(new byte[0], command);
    if (result.status() != 0) {
      throw new AssertionError(result.err());
    }
    return result.out();
  }

  /** Waits for the end. */
  int status() throws InterruptedException {
    if (!script.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      synchronized (screen) {
        throw new AssertionError("still running:\n" + screen.substring(seen));
      }
    }
    return script.exitValue();
  }

  @Override
  public void close() {
    script.descendants().forEach(ProcessHandle::destroyForcibly);
    script.destroyForcibly();
  }
}
