package orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void helpNamesTheCommandsAndTeachesByExample() {
    assertEquals(ExitStatus.OK, run("--help"));
    assertTrue(out.toString().contains("orrery run -- busybox uname -a"), out.toString());
    assertTrue(out.toString().contains("devices"), out.toString());
    assertEquals("", err.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"run", "boot", "devices", "test"})
  void everyCommandHasHelp(String command) {
    assertEquals(ExitStatus.OK, run(command, "--help"));
    assertTrue(out.toString().contains("Usage: orrery " + command), out.toString());
  }

  @Test
  void noCommandIsWrongUsageAndShowsTheHelp() {
    assertEquals(ExitStatus.USAGE, run());
    assertTrue(err.toString().contains("Usage: orrery"), err.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"--no-such", "no-such-command"})
  void wrongUsageIsOneLine(String argument) {
    assertEquals(ExitStatus.USAGE, run(argument));
    assertEquals(1, err.toString().lines().count(), err.toString());
    assertTrue(err.toString().contains("--help"), err.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"--no-such", "--memory=much", "--memory", "--timeout=never", "--root=/no"})
  void wrongOptionsOfRunAreOneLine(String argument) {
    assertEquals(ExitStatus.USAGE, run("run", argument));
    assertEquals(1, err.toString().lines().count(), err.toString());
    assertTrue(err.toString().contains("orrery run --help"), err.toString());
    assertFalse(err.toString().contains("\tat "), err.toString());
  }

  @Test
  void testSaysWhatToDoWithoutTheScript() {
    assertEquals(ExitStatus.FAILED, run("test"));
    assertTrue(err.toString().contains("./orrery test"), err.toString());
  }

  private int run(String... arguments) {
    return new Main(new PrintWriter(out, true), new PrintWriter(err, true)).run(arguments);
  }
}
