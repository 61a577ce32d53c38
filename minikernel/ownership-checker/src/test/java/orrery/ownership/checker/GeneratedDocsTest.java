package orrery.ownership.checker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The documents that are made of the cases are up to date. {@code minikernel/docs/generate} writes
 * them anew (it runs this test with {@code -Dorrery.docs.write=true}).
 */
class GeneratedDocsTest {
  private static final Path DOCS = Path.of("../docs");
  private static final Path C_FORMS = Case.FOLDER.resolve("bug-classes");
  private static final String GENERATED =
      "<!-- Made of minikernel/ownership-checker/src/test/cases by minikernel/docs/generate. -->\n\n";

  private static final Map<String, List<Case>> CASES =
      Case.all().stream()
          .collect(Collectors.groupingBy(Case::file, LinkedHashMap::new, Collectors.toList()));

  private static final Map<Case, Compilation.Result> RESULTS =
      Compilation.ofAll(CASES.values().stream().flatMap(List::stream).toList());

  @Test
  void theIndexOfCodesIsUpToDate() throws IOException {
    compare(DOCS.resolve("ownership.md"), index());
  }

  @Test
  void theBugClassesAreUpToDate() throws IOException {
    compare(DOCS.resolve("bug-classes.md"), bugClasses());
  }

  private static void compare(Path file, String text) throws IOException {
    if (Boolean.getBoolean("orrery.docs.write")) {
      Files.writeString(file, text);
    }
    String present = Files.exists(file) ? Files.readString(file) : "";
    assertEquals(text, present, () -> file + " is stale: run minikernel/docs/generate");
  }

  private String index() throws IOException {
    StringBuilder text = new StringBuilder("# Ownership: the errors\n\n").append(GENERATED);
    text.append(Files.readString(Path.of("src/test/docs/ownership-intro.md"))).append('\n');
    text.append("| code | what is wrong |\n|---|---|\n");
    for (Rule rule : Rule.values()) {
      text.append("| [").append(rule.code()).append("](#").append(rule.code().toLowerCase());
      text.append(") | ").append(rule.title()).append(" |\n");
    }
    for (Rule rule : Rule.values()) {
      text.append("\n## ").append(rule.code()).append("\n\n");
      text.append(sentence(rule.title())).append(' ').append(sentence(rule.help())).append('\n');
      List<Case> all = CASES.getOrDefault(rule.code(), List.of());
      all.stream().filter(c -> !c.good()).findFirst().ifPresent(c -> bad(text, c));
      all.stream().filter(Case::good).findFirst().ifPresent(c -> good(text, c));
    }
    return text.toString();
  }

  private String bugClasses() throws IOException {
    StringBuilder text = new StringBuilder("# Eight classes of memory-safety bugs\n\n");
    text.append(GENERATED);
    text.append(Files.readString(Path.of("src/test/docs/bug-classes-intro.md"))).append('\n');
    text.append("| class | what stops it |\n|---|---|\n");
    List<Case> all = CASES.get("bug-classes");
    List<Case> bad = all.stream().filter(c -> !c.good()).toList();
    for (Case one : bad) {
      text.append("| ").append(one.title()).append(" | compile time: ").append(stops(one));
      text.append(" |\n");
    }
    List<Path> forms;
    try (var files = Files.list(C_FORMS)) {
      forms = files.sorted().toList();
    }
    for (int i = 0; i < bad.size(); i++) {
      Case one = bad.get(i);
      text.append("\n## ").append(sentence(one.title()).replace(".", "")).append("\n\n");
      text.append("As a Linux driver writes it:\n\n```c\n");
      text.append(Files.readString(forms.get(i))).append("```\n\nIts Java twin:\n");
      bad(text, one);
      all.stream()
          .filter(c -> c.good() && c.title().equals(one.title()))
          .findFirst()
          .ifPresent(c -> good(text, c));
    }
    return text.toString();
  }

  private static String stops(Case one) {
    List<String> codes = new ArrayList<>();
    for (String each : one.expected()) {
      String code = each.substring(each.indexOf(' ') + 1);
      String link =
          code.startsWith("ORR")
              ? "[" + code + "](ownership.md#" + code.toLowerCase() + ")"
              : "javac itself, `" + code + "`";
      if (!codes.contains(link)) {
        codes.add(link);
      }
    }
    return String.join(", ", codes);
  }

  private static String sentence(String text) {
    String first =
        text.startsWith("@") ? text : Character.toUpperCase(text.charAt(0)) + text.substring(1);
    return first + ".";
  }

  private static void bad(StringBuilder text, Case one) {
    text.append("\nRejected (").append(one.title()).append("):\n\n```java\n");
    text.append(one.plain()).append("```\n\n```text\n");
    for (String message : RESULTS.get(one).messages()) {
      text.append(message).append('\n');
    }
    text.append("```\n");
  }

  private static void good(StringBuilder text, Case one) {
    text.append("\nAccepted (").append(one.title()).append("):\n\n```java\n");
    text.append(one.plain()).append("```\n");
  }
}
