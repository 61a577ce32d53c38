package orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RunOptionsTest {
  @TempDir Path folder;

  @Test
  void withoutOptionsThereAreDefaults() throws UsageException {
    RunOptions options = parse();
    assertEquals(512L << 20, options.memory());
    assertNull(options.root());
    assertNull(options.timeout());
    assertEquals(List.of(), options.command());
  }

  @Test
  void whatFollowsTheCommandIsTheCommands() throws UsageException {
    assertEquals(List.of("ls", "-l", "--memory"), parse("ls", "-l", "--memory").command());
    assertEquals(List.of("-x", "a b", ""), parse("--", "-x", "a b", "").command());
  }

  @ParameterizedTest
  @CsvSource({
    "64M,67108864",
    "2G,2147483648",
    "32MiB,33554432",
    "16777216,16777216",
    "65000K,66584576"
  })
  void memoryTakesUnits(String text, long bytes) throws UsageException {
    assertEquals(bytes, parse("--memory", text).memory());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "M", "-1G", "1T", "15M", "999999999999999999G", "0x10M", "1.5G"})
  void nonsenseMemoryIsWrongUsage(String text) {
    assertThrows(UsageException.class, () -> parse("--memory=" + text));
  }

  @Test
  void timeoutTakesFractions() throws UsageException {
    assertEquals(Duration.ofMillis(500), parse("--timeout", "0.5").timeout());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "soon", "1e9", "9999999999"})
  void nonsenseTimeoutIsWrongUsage(String text) {
    assertThrows(UsageException.class, () -> parse("--timeout=" + text));
  }

  @Test
  void copiesRepeat() throws Exception {
    Path file = Files.createFile(folder.resolve("a:b"));
    RunOptions options = parse("--copy", file + ":/x", "--copy", folder + ":/y/");
    assertEquals(file, options.copies().get(0).host());
    assertEquals("/x", options.copies().get(0).guest());
    assertEquals("/y/", options.copies().get(1).guest());
  }

  @ParameterizedTest
  @ValueSource(strings = {"nothing", ":/x", "file:relative", "/no/such/file:/x"})
  void nonsenseCopyIsWrongUsage(String text) {
    assertThrows(UsageException.class, () -> parse("--copy", text));
  }

  @Test
  void aRootMustBeAFolder() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    assertThrows(UsageException.class, () -> parse("--root", file.toString()));
    assertEquals(folder, parse("--root", folder.toString()).root());
  }

  @Test
  void environmentNeedsANameAndAValue() throws UsageException {
    assertEquals(List.of("A=b=c", "D="), parse("--env", "A=b=c", "--env", "D=").environment());
    UsageException e = assertThrows(UsageException.class, () -> parse("--env", "=x"));
    assertTrue(e.getMessage().contains("NAME=VALUE"));
  }

  private static RunOptions parse(String... arguments) throws UsageException {
    return RunOptions.of(PlainReaderTest.byPicocli(new RunCommand(), arguments));
  }
}
