package orrery.cli.guest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Compiles the C programs of {@code minikernel/kernel/src/test/guest} and runs them natively. */
final class GuestPrograms {
  private static final Path SOURCES = Path.of("../../minikernel/kernel/src/test/guest");
  private static final Path OUTPUT = Path.of("target/guest");
  private static final String CROSS_COMPILER = "aarch64-linux-gnu-gcc";
  private static final String NATIVE_COMPILER = "gcc";
  private static final long PATIENCE_SECONDS = 60;

  /**
   * What a native run gave.
   *
   * @param status its exit status
   * @param output what it wrote
   */
  record Outcome(int status, String output) {}

  private GuestPrograms() {}

  /** The program for the guest, compiled if its source is newer. */
  static Path forGuest(String name) {
    return compile(CROSS_COMPILER, name, OUTPUT.resolve("arm64"));
  }

  /** The program for the host. */
  static Path forHost(String name) {
    return compile(NATIVE_COMPILER, name, OUTPUT.resolve("native"));
  }

  private static Path compile(String compiler, String name, Path folder) {
    try {
      Path source = SOURCES.resolve(name + ".c");
      Path program = folder.resolve(name);
      if (isNewer(program, source) && isNewer(program, SOURCES.resolve("check.h"))) {
        return program;
      }
      Files.createDirectories(folder);
      // Another JVM of the suite may want the same program: it sees all of it or nothing.
      Path draft = folder.resolve(name + "." + ProcessHandle.current().pid());
      Outcome outcome =
          run(
              List.of(
                  compiler,
                  "-O1",
                  "-static",
                  "-pthread",
                  "-w",
                  "-o",
                  draft.toString(),
                  source.toString()));
      if (outcome.status() != 0) {
        throw new IllegalStateException(
            compiler + " does not compile " + source + ":\n" + outcome.output());
      }
      Files.move(draft, program, StandardCopyOption.ATOMIC_MOVE);
      return program;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "no " + compiler + "; on Debian: apt-get install gcc gcc-aarch64-linux-gnu", e);
    }
  }

  private static boolean isNewer(Path file, Path than) throws IOException {
    return Files.exists(file)
        && Files.getLastModifiedTime(file).compareTo(Files.getLastModifiedTime(than)) > 0;
  }

  /**
   * Runs a program on the host: Linux itself is the oracle. It must not inherit that signals are
   * ignored, as a job in the background or under nohup does.
   */
  static Outcome runOnHost(Path program, String... arguments) {
    List<String> command =
        new ArrayList<>(List.of("env", "--default-signal", program.toAbsolutePath().toString()));
    command.addAll(List.of(arguments));
    try {
      return run(command);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Outcome run(List<String> command) throws IOException {
    Path output = Files.createTempFile("guest", ".out");
    Process process =
        new ProcessBuilder(command)
            .redirectInput(new java.io.File("/dev/null"))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        throw new IllegalStateException(command + " does not end on the host");
      }
      return new Outcome(process.exitValue(), Files.readString(output, ISO_8859_1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } finally {
      Files.delete(output);
    }
  }
}
