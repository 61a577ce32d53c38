package orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Every shell block of the README files works as it stands, and prints what the text block behind
 * it says. They start ./orrery, so this belongs to {@code ./orrery test}, which has set it up.
 */
@Tag("slow")
final class ReadmeTest {
  private static final Pattern BLOCK =
      Pattern.compile("^```(\\w+)\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

  @TestFactory
  List<DynamicTest> commandsDoWhatTheReadmeSays() throws Exception {
    List<DynamicTest> tests = new ArrayList<>();
    for (String file :
        List.of("README.md", "test-images/README.md", "test-images/linux/README.md")) {
      List<String[]> blocks = new ArrayList<>();
      Matcher matcher = BLOCK.matcher(Files.readString(Launched.project().resolve(file)));
      while (matcher.find()) {
        blocks.add(new String[] {matcher.group(1), matcher.group(2)});
      }
      for (int i = 0; i < blocks.size(); i++) {
        String commands = blocks.get(i)[1];
        boolean says = i + 1 < blocks.size() && blocks.get(i + 1)[0].equals("text");
        String expected = says ? blocks.get(i + 1)[1] : null;
        if (blocks.get(i)[0].equals("sh")) {
          tests.add(DynamicTest.dynamicTest(commands, () -> check(commands, expected)));
        }
      }
    }
    assertFalse(tests.isEmpty());
    return tests;
  }

  private static void check(String commands, String expected) throws Exception {
    Launched.Result result = Launched.run(new byte[0], List.of("sh", "-ec", commands));
    assertEquals(0, result.status(), result.err());
    if (expected != null) {
      // a guest's console is a terminal, whose lines end so
      assertEquals(expected, result.out().replace("\r\n", "\n"), result.err());
    }
  }
}
