package orrery.mutation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import orrery.mutation.Trial.Fate;
import orrery.mutation.Trial.Outcome;

/** The published document: what became of each kind of mistake, driver by driver. */
final class Table {
  private final StringBuilder sections = new StringBuilder();
  private final List<Outcome> all = new ArrayList<>();

  /** Adds a driver's section. */
  void add(Driver driver, List<Outcome> outcomes) {
    all.addAll(outcomes);
    section(driver, outcomes);
    accepted(outcomes);
  }

  /** The whole document. */
  String text(String introduction) {
    StringBuilder text =
        new StringBuilder("# What becomes of planted mistakes\n\n")
            .append("<!-- Made by minikernel/docs/generate. -->\n\n")
            .append(introduction)
            .append('\n');
    text.append(
        String.format(
            Locale.ROOT,
            "All drivers together: %d mutants, %d harmless; of the rest %.1f %% are rejected by the"
                + " compiler.%n",
            all.size(),
            count(all, Fate.HARMLESS),
            100 * rejected(all)));
    return text.append(sections).toString();
  }

  /** The share that the compiler rejects of all that are mistakes indeed. */
  static double rejected(List<Outcome> outcomes) {
    return (double) count(outcomes, Fate.REJECTED)
        / (outcomes.size() - count(outcomes, Fate.HARMLESS));
  }

  private void section(Driver driver, List<Outcome> outcomes) {
    sections.append("\n## ").append(driver.name()).append("\n\n");
    sections.append("| mistake | mutants | rejected: ORR | rejected: type");
    sections.append(" | caught at run time | hangs | harmless | silent |\n");
    sections.append("|---|---|---|---|---|---|---|---|\n");
    for (Mistake mistake : Mistake.values()) {
      List<Outcome> of = outcomes.stream().filter(o -> o.mutant().mistake() == mistake).toList();
      if (!of.isEmpty()) {
        row(mistake.title, of);
      }
    }
    row("all", outcomes);
  }

  private void row(String title, List<Outcome> outcomes) {
    sections.append("| ").append(title).append(" | ").append(outcomes.size());
    long checker =
        outcomes.stream()
            .filter(o -> o.fate() == Fate.REJECTED && o.why().startsWith("[ORR"))
            .count();
    sections.append(" | ").append(checker);
    sections.append(" | ").append(count(outcomes, Fate.REJECTED) - checker);
    for (Fate fate : List.of(Fate.CAUGHT, Fate.HANGS, Fate.HARMLESS, Fate.SILENT)) {
      sections.append(" | ").append(count(outcomes, fate));
    }
    sections.append(" |\n");
  }

  private void accepted(List<Outcome> outcomes) {
    List<Outcome> accepted = outcomes.stream().filter(o -> o.fate() != Fate.REJECTED).toList();
    if (!accepted.isEmpty()) {
      sections.append("\nThose that compile:\n\n");
    }
    for (Outcome each : accepted) {
      sections.append("- ").append(each.mutant()).append(": ");
      sections.append(each.fate().name().toLowerCase(Locale.ROOT));
      if (!each.why().isEmpty()) {
        sections.append(" (").append(stable(each.why())).append(')');
      }
      sections.append('\n');
    }
  }

  /** Without what differs from run to run. */
  private static String stable(String why) {
    return why.replaceAll("@[0-9a-f]+", "").replaceAll("0x[0-9a-f]{4,}", "ADDRESS");
  }

  private static long count(List<Outcome> outcomes, Fate fate) {
    return outcomes.stream().filter(o -> o.fate() == fate).count();
  }
}
