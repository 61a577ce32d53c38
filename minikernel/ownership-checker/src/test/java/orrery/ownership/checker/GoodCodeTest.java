package orrery.ownership.checker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaFileObject;
import org.junit.jupiter.api.Test;

/** Larger good programs, in the styles that drivers are written in, are not bothered. */
class GoodCodeTest {
  private static final int LEAST_LINES = 100;
  private static final int LEAST_PROGRAMS = 10;

  @Test
  void largerGoodProgramsCompileInSilence() throws IOException {
    List<JavaFileObject> programs = Compilation.javaFiles(Path.of("src/test/good"));
    assertTrue(programs.size() >= LEAST_PROGRAMS, () -> "only " + programs.size());
    for (JavaFileObject each : programs) {
      long lines = each.getCharContent(true).toString().lines().count();
      assertTrue(lines >= LEAST_LINES, () -> each.getName() + " is short");
    }
    assertEquals(List.of(), Compilation.of(programs, List.of()).messages());
  }
}
