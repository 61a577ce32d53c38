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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;
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

  private static final String CANNOT = "line 1: [ORR0901] the ownership checker cannot work: ";

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
  void anUnknownWordIsOneError() {
    assertThrows(IllegalArgumentException.class, () -> Options.parse("strikt=p"));
    List<String> messages = raw("strikt=p");
    assertEquals(1, messages.size(), messages::toString);
    assertTrue(messages.getFirst().startsWith(CANNOT), messages::toString);
    assertTrue(messages.getFirst().endsWith("not strikt=p"), messages::toString);
  }

  @Test
  void aReportThatCannotBeWrittenIsOneError() {
    List<String> messages = raw("report=" + folder);
    assertEquals(
        1, messages.stream().filter(m -> m.startsWith(CANNOT)).count(), messages::toString);
  }

  @Test
  void javacWithoutItsPackagesOpenSaysSoInOneError() throws Exception {
    assertEquals(
        "error: [ORR0901] the ownership checker cannot work: javac's packages are closed to it:"
            + " pass the five --add-exports that its README lists",
        errorOfJavac(List.of(), Compilation.classPath()));
  }

  @Test
  void aProcessorPathWithoutTheLibrarySaysSoInOneError() throws Exception {
    List<String> exports =
        Stream.of("api", "code", "processing", "tree", "util")
            .map(p -> "-J--add-exports=jdk.compiler/com.sun.tools.javac." + p + "=ALL-UNNAMED")
            .toList();
    String error = errorOfJavac(exports, "target/classes");
    assertTrue(
        error.startsWith(
            "error: [ORR0901] the ownership checker cannot work: its library is not on the"),
        error);
  }

  /** The one error of a javac of its own, without file and line. */
  private String errorOfJavac(List<String> options, String processorPath) throws Exception {
    Path source = Files.writeString(folder.resolve("C.java"), UNSAFE);
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "javac").toString());
    words.addAll(options);
    words.addAll(List.of("-Xplugin:Ownership", "-processorpath", processorPath));
    words.addAll(List.of("-proc:none", "-cp", Compilation.classPath(), "-d", folder.toString()));
    words.add(source.toString());
    Process javac = new ProcessBuilder(words).redirectErrorStream(true).start();
    String said = new String(javac.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(1, javac.waitFor(), said);
    List<String> errors = said.lines().filter(l -> l.contains("error: ")).toList();
    assertEquals(1, errors.size(), said);
    assertTrue(errors.getFirst().startsWith(source + ":1: "), said);
    return errors.getFirst().substring((source + ":1: ").length());
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
