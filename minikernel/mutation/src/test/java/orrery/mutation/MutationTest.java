package orrery.mutation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import orrery.mutation.Trial.Fate;
import orrery.mutation.Trial.Outcome;

/** Mistakes that are planted in good drivers are found, nearly all by the compiler. */
class MutationTest {
  private static final Path TABLE = Path.of("../docs/mutations.md");
  private static final double LEAST_REJECTED = 0.95;

  /** Of how many mutants the short test takes one. */
  private static final int SAMPLE = 12;

  private static final Map<Driver, List<Mutant>> MUTANTS = new LinkedHashMap<>();

  /** What became of mutants in one test, for the others. */
  private static final Map<Mutant, Outcome> KNOWN = new HashMap<>();

  @BeforeAll
  static void compileGoodDrivers() throws IOException {
    for (Driver driver : Driver.all()) {
      assertEquals(List.of(), driver.compile(), driver.name());
      MUTANTS.put(driver, driver.mutants());
    }
  }

  @Test
  void goodDriversWork() throws IOException {
    for (Driver driver : MUTANTS.keySet()) {
      try (Trial trial = new Trial(driver)) {
        assertEquals(new Outcome(null, Fate.HARMLESS, ""), trial.ofGood(), driver.name());
      }
    }
  }

  @Test
  void oneMistakeInTwelveIsRejectedOrCaught() throws IOException {
    for (Driver driver : MUTANTS.keySet()) {
      List<Mutant> all = MUTANTS.get(driver);
      List<Mutant> some = new ArrayList<>();
      for (int i = 0; i < all.size(); i += SAMPLE) {
        some.add(all.get(i));
      }
      assertEquals(List.of(), silent(outcomes(driver, some)));
    }
  }

  @Test
  @Tag("slow")
  void aDriverThatNeverComesBackHangs() throws IOException {
    Driver virtio =
        MUTANTS.keySet().stream().filter(d -> d.name().equals("virtio")).findFirst().orElseThrow();
    List<Mutant> swapped =
        MUTANTS.get(virtio).stream()
            .filter(m -> m.mistake() == Mistake.SWAP)
            .filter(m -> m.text().contains("(!(next == bytes))"))
            .toList();
    List<Outcome> outcomes = outcomes(virtio, swapped);
    assertEquals(List.of(Fate.HANGS), outcomes.stream().map(Outcome::fate).toList());
    assertTrue(outcomes.getFirst().why().contains("EntropySource.read"), outcomes::toString);
  }

  @Test
  @Tag("slow")
  void everyMistakeIsRejectedOrCaughtAndNineteenInTwentyByTheCompiler() throws IOException {
    Table table = new Table();
    List<Outcome> all = new ArrayList<>();
    for (Driver driver : MUTANTS.keySet()) {
      List<Outcome> outcomes = outcomes(driver, MUTANTS.get(driver));
      table.add(driver, outcomes);
      all.addAll(outcomes);
    }
    String text = table.text(Files.readString(Path.of("src/test/docs/intro.md")));
    if (Boolean.getBoolean("orrery.docs.write")) {
      Files.writeString(TABLE, text);
    }
    assertEquals(List.of(), silent(all));
    double rejected = Table.rejected(all);
    assertTrue(rejected >= LEAST_REJECTED, () -> "only " + rejected + " rejected:\n" + text);
    // its figures change with every line of a driver, and are as of the last generation
    Set<String> sections = sections(text);
    assertEquals(sections, sections(Files.readString(TABLE)), "run minikernel/docs/generate");
  }

  /** What becomes of each, in the order of the mutants. */
  private static List<Outcome> outcomes(Driver driver, List<Mutant> mutants) throws IOException {
    List<Mutant> unknown = mutants.stream().filter(m -> !KNOWN.containsKey(m)).toList();
    for (Outcome each : Trials.of(driver, unknown)) {
      KNOWN.put(each.mutant(), each);
    }
    return mutants.stream().map(KNOWN::get).toList();
  }

  private static List<Outcome> silent(List<Outcome> outcomes) {
    return outcomes.stream().filter(o -> o.fate() == Fate.SILENT).toList();
  }

  private static Set<String> sections(String document) {
    return document.lines().filter(l -> l.startsWith("## ")).collect(Collectors.toSet());
  }
}
