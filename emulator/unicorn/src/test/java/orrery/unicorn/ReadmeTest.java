package orrery.unicorn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the example in README.md as a program of its own, as its reader would. */
class ReadmeTest {
  private static final Pattern EXAMPLE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern OUTPUT = Pattern.compile("prints `([^`]*)`");

  @Test
  void theExampleDoesWhatTheReadmeSays(@TempDir Path folder) throws Exception {
    String readme = Files.readString(Path.of("README.md"));
    Path program =
        Files.writeString(
            folder.resolve("Example.java"),
            "import orrery.unicorn.*;\nvoid main() {\n" + find(EXAMPLE, readme) + "}\n");
    Path classes =
        Path.of(Unicorn.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-D" + UnicornLibrary.SYSTEM_PROPERTY + "=" + UnicornLibrary.load().path(),
                "--class-path",
                classes.toString(),
                program.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes()).strip();
    assertEquals(0, process.waitFor(), output);
    assertEquals(find(OUTPUT, readme), output);
  }

  private static String find(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    assertTrue(matcher.find(), pattern::pattern);
    return matcher.group(1);
  }
}
