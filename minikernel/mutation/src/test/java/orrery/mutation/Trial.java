package orrery.mutation;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Tries what mutants of a driver do: compiles them and lets those that compile work on their
 * device. One thread at a time may use it.
 */
final class Trial implements AutoCloseable {
  /** Exit status of a scenario in which a run-time check spoke. */
  private static final int CAUGHT = 3;

  /** Exit status of a scenario that does not come to its end. */
  private static final int HANGS = 5;

  /** For a Java machine that not even the scenario's own watchdog can end. */
  private static final long PATIENCE_SECONDS = 120;

  private static final Path TARGET = Path.of("target/mutants").toAbsolutePath();
  private static final Path SCENARIOS = Path.of("src/test/scenario");
  private static final Path GUEST_TESTS = Path.of("../../emulator/cli/src/test/java");
  private static final List<String> HELPERS =
      List.of("GuestMachine", "GuestPrograms", "CapturedLine", "CounterModel");

  private static Path helpers;

  private final Driver driver;
  private final Javac javac;

  /** Where a driver ends. */
  enum Fate {
    /** It does not compile. */
    REJECTED,
    /** It compiles, and a run-time check reports it. */
    CAUGHT,
    /** It compiles, and does not come to the end of its work: everybody sees that. */
    HANGS,
    /** It compiles, and breaks no rule of ownership. */
    HARMLESS,
    /** It compiles, and breaks a rule that nothing checks at run time. */
    SILENT
  }

  /**
   * What became of it.
   *
   * @param why the first error, or what the run said; empty if it works
   */
  record Outcome(Mutant mutant, Fate fate, String why) {}

  /** Trials of a driver that has been {@linkplain Driver#compile compiled}. */
  Trial(Driver driver) {
    this.driver = driver;
    this.javac = driver.javac();
  }

  /** Compiles a mutant and runs it if that works. */
  Outcome of(Mutant mutant) throws IOException {
    Path folder = Files.createTempDirectory(Files.createDirectories(TARGET), "m");
    List<String> errors = javac.compile(List.of(mutant.changed()), folder);
    if (!errors.isEmpty()) {
      return new Outcome(mutant, Fate.REJECTED, errors.getFirst().lines().findFirst().orElse(""));
    }
    if (!mutant.mistake().isCheckedAtRunTime()) {
      return new Outcome(mutant, Fate.SILENT, "");
    }
    return run(mutant, folder);
  }

  /** Runs the driver as it is. */
  Outcome ofGood() throws IOException {
    return run(null, Files.createTempDirectory(Files.createDirectories(TARGET), "g"));
  }

  private Outcome run(Mutant mutant, Path changed) throws IOException {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    words.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp"));
    words.add(
        String.join(
            File.pathSeparator,
            changed.toString(),
            driver.classes().toString(),
            helpers().toString(),
            Javac.classPath()));
    words.addAll(driver.scenario());
    Path said = changed.resolve("said.txt");
    Process process =
        new ProcessBuilder(words)
            .directory(Path.of("../../emulator/cli").toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        return new Outcome(mutant, Fate.HANGS, "the Java machine does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } finally {
      process.destroyForcibly();
    }
    String text = Files.readString(said, StandardCharsets.ISO_8859_1).strip();
    return new Outcome(mutant, fate(process.exitValue()), text.lines().findFirst().orElse(""));
  }

  private static Fate fate(int status) {
    return switch (status) {
      case CAUGHT -> Fate.CAUGHT;
      case HANGS -> Fate.HANGS;
      default -> Fate.HARMLESS;
    };
  }

  /** The classes that drive drivers; compiled once. */
  private static synchronized Path helpers() throws IOException {
    if (helpers == null) {
      List<Source> sources = new ArrayList<>(Source.below(SCENARIOS));
      for (Source each : Source.below(GUEST_TESTS.resolve("orrery/cli/guest"))) {
        String name = each.getName().replaceAll(".*/|\\.java", "");
        if (HELPERS.contains(name)) {
          sources.add(each);
        }
      }
      Path folder = Path.of("target/scenario").toAbsolutePath();
      try (Javac javac = new Javac(folder, "strict=none")) {
        List<String> errors = javac.compile(sources, folder);
        if (!errors.isEmpty()) {
          throw new IllegalStateException("the scenarios do not compile: " + errors);
        }
      }
      helpers = folder;
    }
    return helpers;
  }

  @Override
  public void close() {
    javac.close();
  }
}
