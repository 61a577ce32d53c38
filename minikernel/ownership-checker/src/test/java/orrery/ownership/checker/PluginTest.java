package orrery.ownership.checker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.source.util.Plugin;
import com.sun.source.util.TaskEvent;
import com.sun.source.util.TaskListener;
import com.sun.tools.javac.tree.JCTree.JCCompilationUnit;
import com.sun.tools.javac.tree.JCTree.JCMethodDecl;
import com.sun.tools.javac.tree.TreeScanner;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The plugin as a whole: how javac finds it, its words, its report, what it says of itself. */
class PluginTest {
  private static final String UNSAFE =
      """
      package p.raw;
      import orrery.ownership.*;
      class C {
        @Unsafe("the token is left at once")
        void entry() {
          // SAFETY: nothing in between can sleep
          ProcessCtx context = ProcessCtx.enter();
          context.leave();
        }
      }
      """;

  private static final String RAW =
      """
      package p.raw;
      class C {
        void load() {
          System.loadLibrary("x");
        }
      }
      """;

  @TempDir Path folder;

  @Test
  void javacFindsThePluginByItsName() {
    assertTrue(
        ServiceLoader.load(Plugin.class).stream()
            .map(ServiceLoader.Provider::get)
            .anyMatch(p -> p.getName().equals("Ownership")));
  }

  @Test
  void theRunTimePartObeysItsOwnRules() {
    Compilation compiled =
        Compilation.of(
            Compilation.javaFiles(Path.of("../ownership/src/main/java/orrery")),
            List.of("-cp", folder.toString(), "-d", folder.toString()));
    assertEquals(List.of(), compiled.messages());
  }

  @Test
  void theReportListsUnsafePlacesWithTheirReasons() throws Exception {
    Path report = folder.resolve("deep/unsafe.txt");
    Compilation.of(sources(UNSAFE), List.of(), List.of("report=" + report));
    List<String> lines = Files.readAllLines(report);
    assertTrue(
        lines.getFirst().endsWith("p.raw.C.entry: the token is left at once"), lines::toString);
    assertEquals("    SAFETY: nothing in between can sleep", lines.get(1));
  }

  @Test
  void rawMemoryIsCheckedInStrictPackagesAndBelow() {
    assertEquals(1, raw("strict=p").size());
    assertEquals(1, raw("strict=q,p.raw").size());
    assertEquals(0, raw("strict=p.rawer").size());
  }

  @Test
  void anUnknownWordIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> Options.parse("strikt=p"));
  }

  @Test
  void errorsOfJavacComeFirst() {
    String text = "class C { void f(Missing m) { lib.CpuBuffer.allocate(1); m.g(); } }";
    Compilation compiled = Compilation.of(sources(text), List.of());
    assertTrue(
        compiled.messages().stream().noneMatch(m -> m.contains("ORR")),
        compiled.messages()::toString);
  }

  /** Takes a method's symbol away after javac has made it, which no source can bring about. */
  private static final TaskListener PLANTED =
      new TaskListener() {
        @Override
        public void finished(TaskEvent event) {
          if (event.getKind() == TaskEvent.Kind.ANALYZE
              && event.getTypeElement().getSimpleName().contentEquals("Broken")) {
            new TreeScanner() {
              @Override
              public void visitMethodDef(JCMethodDecl tree) {
                tree.sym = null;
              }
            }.scan((JCCompilationUnit) event.getCompilationUnit());
          }
        }
      };

  private static Compilation broken(String... words) {
    String text =
        "class Broken { void f(lib.CpuBuffer b) {} } class Leaky { void f() {"
            + " lib.CpuBuffer b = lib.CpuBuffer.allocate(1); } }";
    return Compilation.of(sources(text), List.of(), List.of(words), PLANTED);
  }

  @Test
  void aFailureOfTheCheckerIsOneErrorThatNamesTheClass() {
    List<String> messages = broken().messages();
    assertEquals(1, messages.size(), messages::toString);
    String message = messages.getFirst();
    assertTrue(message.startsWith("line 1: [ORR0901] the checker failed in `Broken`: "), message);
    assertEquals(2, message.lines().count(), message); // with the help
  }

  @Test
  void theWordDebugPrintsWhereTheCheckerFailed() {
    String message = broken("debug").messages().getFirst();
    assertTrue(message.contains("at orrery.ownership.checker."), message);
  }

  private static List<String> raw(String word) {
    return Compilation.of(sources(RAW), List.of(), List.of(word)).messages();
  }

  private static List<Compilation.Source> sources(String text) {
    return List.of(new Compilation.Source(URI.create("string:///C.java"), text));
  }
}
