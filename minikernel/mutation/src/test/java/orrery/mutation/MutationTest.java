package orrery.mutation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

  @Test
  void goodDriversCompileAndWork() throws IOException {
    for (Driver driver : Driver.all()) {
      assertEquals(new Outcome(null, Fate.HARMLESS, ""), Trial.of(driver, null), driver.name());
    }
  }

  @Test
  void oneMistakeInTwelveIsRejectedOrCaught() throws IOException {
    List<Outcome> outcomes = new ArrayList<>();
    int number = 0;
    for (Driver driver : Driver.all()) {
      for (Mutant mutant : driver.mutants()) {
        if (number++ % SAMPLE == 0) {
          outcomes.add(Trial.of(driver, mutant));
        }
      }
    }
    assertEquals(List.of(), outcomes.stream().filter(o -> o.fate() == Fate.SILENT).toList());
  }

  @Test
  @Tag("slow")
  void everyMistakeIsRejectedOrCaughtAndNineteenInTwentyByTheCompiler() throws IOException {
    Table table = new Table();
    List<Outcome> all = new ArrayList<>();
    for (Driver driver : Driver.all()) {
      List<Outcome> outcomes = new ArrayList<>();
      for (Mutant mutant : driver.mutants()) {
        outcomes.add(Trial.of(driver, mutant));
      }
      table.add(driver, outcomes);
      all.addAll(outcomes);
    }
    String text = table.text(Files.readString(Path.of("src/test/docs/intro.md")));
    if (Boolean.getBoolean("orrery.docs.write")) {
      Files.writeString(TABLE, text);
    }
    assertEquals(List.of(), all.stream().filter(o -> o.fate() == Fate.SILENT).toList());
    double rejected = Table.rejected(all);
    assertTrue(rejected >= LEAST_REJECTED, () -> "only " + rejected + " rejected:\n" + text);
    String published = Files.readString(TABLE);
    for (Driver driver : Driver.all()) {
      // its figures change with every line of a driver, and are as of the last generation
      assertTrue(
          published.contains("\n## " + driver.name() + "\n"), "run minikernel/docs/generate");
    }
  }
}
