package orrery.mutation;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Tries what a driver does: compiles it and, if it compiles, lets it work on its device. */
final class Trial {
  /** Exit status of a scenario in which a run-time check spoke. */
  private static final int CAUGHT = 3;

  private static final long PATIENCE_SECONDS = 60;
  private static final Path TARGET = Path.of("target/mutants").toAbsolutePath();
  private static final Path SCENARIOS = Path.of("src/test/scenario");
  private static final Path GUEST_TESTS = Path.of("../../emulator/cli/src/test/java");
  private static final List<String> HELPERS =
      List.of("GuestMachine", "GuestPrograms", "CapturedLine", "CounterModel");

  private static Path helpers;

  /** Where a driver ends. */
  enum Fate {
    /** It does not compile. */
    REJECTED,
    /** It compiles, and a run-time check reports it. */
    CAUGHT,
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

  private Trial() {}

  /** Compiles a mutant, or the good driver if it is null, and runs it if that works. */
  static Outcome of(Driver driver, Mutant mutant) throws IOException {
    Path folder = Files.createTempDirectory(Files.createDirectories(TARGET), "m");
    String[] words = driver.words().isEmpty() ? new String[0] : new String[] {driver.words()};
    List<String> errors = Javac.compile(driver.sources(mutant), folder, words);
    if (!errors.isEmpty()) {
      return new Outcome(mutant, Fate.REJECTED, errors.getFirst().lines().findFirst().orElse(""));
    }
    if (mutant != null && !mutant.mistake().isCheckedAtRunTime()) {
      return new Outcome(mutant, Fate.SILENT, "");
    }
    return run(driver, mutant, folder);
  }

  private static Outcome run(Driver driver, Mutant mutant, Path classes) throws IOException {
    String path = classes + File.pathSeparator + helpers() + File.pathSeparator;
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    words.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp"));
    words.add(path + Javac.classPath());
    words.addAll(driver.scenario());
    Path said = classes.resolve("said.txt");
    Process process =
        new ProcessBuilder(words)
            .directory(Path.of("../../emulator/cli").toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        return new Outcome(mutant, Fate.HARMLESS, "it hangs");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } finally {
      process.destroyForcibly();
    }
    String text = Files.readString(said, StandardCharsets.ISO_8859_1).strip();
    Fate fate = process.exitValue() == CAUGHT ? Fate.CAUGHT : Fate.HARMLESS;
    return new Outcome(mutant, fate, text.lines().findFirst().orElse(""));
  }

  /** The classes that drive drivers; compiled once. */
  private static synchronized Path helpers() {
    if (helpers == null) {
      List<Source> sources = new ArrayList<>();
      Source.below(SCENARIOS).forEach(s -> sources.add((Source) s));
      for (var each : Source.below(GUEST_TESTS.resolve("orrery/cli/guest"))) {
        String name = each.getName().replaceAll(".*/|\\.java", "");
        if (HELPERS.contains(name)) {
          sources.add((Source) each);
        }
      }
      Path folder = Path.of("target/scenario").toAbsolutePath();
      List<String> errors = Javac.compile(sources, folder, "strict=none");
      if (!errors.isEmpty()) {
        throw new IllegalStateException("the scenarios do not compile: " + errors);
      }
      helpers = folder;
    }
    return helpers;
  }
}
