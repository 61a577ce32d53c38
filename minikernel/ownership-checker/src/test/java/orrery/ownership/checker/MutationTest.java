package orrery.ownership.checker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import orrery.ownership.checker.Mutation.Fate;
import orrery.ownership.checker.Mutation.Outcome;

/** Mistakes that are planted in good drivers are found, nearly all by the compiler. */
@Tag("slow")
class MutationTest {
  private static final Path TABLE = Path.of("../docs/mutations.md");
  private static final double LEAST_REJECTED = 0.95;

  @Test
  void plantedMistakesAreRejectedOrCaughtAndNoneIsSilent() throws IOException {
    StringBuilder text =
        new StringBuilder("# What becomes of planted mistakes\n\n")
            .append("<!-- Made by minikernel/docs/generate. -->\n\n")
            .append(Files.readString(Path.of("src/test/docs/mutations-intro.md")));
    List<Outcome> all = new ArrayList<>();
    for (Mutation driver : Mutation.all()) {
      assertEquals("", driver.faults(), driver.name() + " is good as it is");
      List<Outcome> outcomes = driver.outcomes();
      table(text, driver, outcomes);
      all.addAll(outcomes);
    }
    if (Boolean.getBoolean("orrery.docs.write")) {
      Files.writeString(TABLE, text);
    }
    assertEquals(List.of(), all.stream().filter(o -> o.fate() == Fate.SILENT).toList());
    assertEquals(
        List.of(),
        all.stream().filter(o -> o.fate() == Fate.REJECTED && !o.why().contains("[ORR")).toList(),
        "javac alone rejects them, so they show nothing");
    long harmless = count(all, Fate.HARMLESS);
    double rejected = (double) count(all, Fate.REJECTED) / (all.size() - harmless);
    assertTrue(rejected >= LEAST_REJECTED, () -> "only " + rejected + " rejected:\n" + text);
    assertEquals(text.toString(), Files.readString(TABLE), "run minikernel/docs/generate");
  }

  private static long count(List<Outcome> outcomes, Fate fate) {
    return outcomes.stream().filter(o -> o.fate() == fate).count();
  }

  private static void table(StringBuilder text, Mutation driver, List<Outcome> outcomes) {
    text.append("\n## ").append(driver.name()).append("\n\n");
    text.append("| mistake | mutants | rejected | caught at run time | harmless | silent |\n");
    text.append("|---|---|---|---|---|---|\n");
    for (Mutant.Operator operator : Mutant.Operator.values()) {
      row(
          text,
          operator.title,
          outcomes.stream().filter(o -> o.mutant().operator() == operator).toList());
    }
    row(text, "all", outcomes);
    List<Outcome> accepted = outcomes.stream().filter(o -> o.fate() != Fate.REJECTED).toList();
    if (!accepted.isEmpty()) {
      text.append("\nThose that compile:\n\n");
    }
    for (Outcome each : accepted) {
      String file = each.mutant().source().replaceAll(".*/", "");
      text.append("- ").append(file).append(':').append(each.mutant().line()).append(": ");
      text.append(each.mutant().operator().title).append(": ");
      text.append(each.fate().name().toLowerCase());
      text.append(each.why().isEmpty() ? "" : " (" + each.why().replaceAll("@[0-9a-f]+", "") + ")");
      text.append('\n');
    }
  }

  private static void row(StringBuilder text, String title, List<Outcome> outcomes) {
    text.append("| ").append(title).append(" | ").append(outcomes.size());
    for (Fate fate : Fate.values()) {
      text.append(" | ").append(count(outcomes, fate));
    }
    text.append(" |\n");
  }
}
