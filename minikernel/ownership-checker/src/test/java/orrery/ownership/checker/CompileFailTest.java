package orrery.ownership.checker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Bad code is rejected on the right lines with the right codes, and good code is not bothered. */
class CompileFailTest {
  @TestFactory
  Stream<DynamicTest> everyCaseGetsExactlyItsDiagnostics() {
    return Case.all().stream().map(c -> DynamicTest.dynamicTest(c.toString(), () -> check(c)));
  }

  private static void check(Case one) {
    Compilation compilation = Compilation.of(one);
    assertEquals(
        String.join("\n", one.expected()),
        String.join("\n", compilation.found()),
        () -> one + "\n" + String.join("\n", compilation.messages()));
  }
}
