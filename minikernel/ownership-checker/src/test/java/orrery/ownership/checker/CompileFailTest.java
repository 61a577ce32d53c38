package orrery.ownership.checker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Bad code is rejected on the right lines with the right codes, and good code is not bothered. */
class CompileFailTest {
  private static final int LEAST_CASES = 520;

  @TestFactory
  Stream<DynamicTest> everyCaseGetsExactlyItsDiagnostics() {
    List<Case> cases = Case.all();
    Map<Case, Compilation.Result> results = Compilation.ofAll(cases);
    return cases.stream()
        .map(c -> DynamicTest.dynamicTest(c.toString(), () -> check(c, results.get(c))));
  }

  private static void check(Case one, Compilation.Result result) {
    assertEquals(
        String.join("\n", one.expected()),
        String.join("\n", result.found()),
        () -> one + "\n" + String.join("\n", result.messages()));
    assertEquals(one.good(), one.expected().isEmpty(), "a good case expects nothing");
  }

  @Test
  void everyRuleHasABadCaseAndAGoodTwin() {
    Map<String, List<Case>> byFile = Case.all().stream().collect(Collectors.groupingBy(Case::file));
    for (Rule rule : Rule.values()) {
      if (rule == Rule.FAILED || rule == Rule.TOO_COMPLEX) {
        continue; // no source brings the first about, and only a very long one the second
      }
      List<Case> cases = byFile.getOrDefault(rule.code(), List.of());
      assertTrue(
          cases.stream().anyMatch(c -> !c.good() && expects(c, rule)), rule + " has no bad case");
      assertTrue(cases.stream().anyMatch(Case::good), rule + " has no good case");
    }
    assertTrue(Case.all().size() >= LEAST_CASES, "only " + Case.all().size() + " cases");
  }

  private static boolean expects(Case one, Rule rule) {
    return one.expected().stream().anyMatch(e -> e.endsWith(rule.code()));
  }
}
