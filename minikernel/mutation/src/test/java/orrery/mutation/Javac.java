package orrery.mutation;

import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import orrery.ownership.checker.OwnershipPlugin;

/** Compiles a driver, with the ownership checker, in this JVM; one file manager serves all. */
final class Javac {
  private static final JavaCompiler JAVAC = ToolProvider.getSystemJavaCompiler();
  private static final StandardJavaFileManager FILES =
      JAVAC.getStandardFileManager(null, null, null);

  private Javac() {}

  /** The project's classes and libraries: the tests' own class path. */
  static String classPath() {
    return System.getProperty("java.class.path");
  }

  /** A compilation that only looks. */
  static JavacTask task(List<? extends JavaFileObject> sources) {
    return task(new DiagnosticCollector<>(), Path.of("target"), sources);
  }

  private static JavacTask task(
      DiagnosticCollector<JavaFileObject> found,
      Path folder,
      List<? extends JavaFileObject> sources) {
    List<String> options =
        List.of("-cp", classPath(), "-d", folder.toString(), "-proc:none", "-implicit:none");
    return (JavacTask) JAVAC.getTask(null, FILES, found, options, null, sources);
  }

  /**
   * Compiles with the checker.
   *
   * @param words for the plugin
   * @return the errors, none if the classes are in {@code folder}
   */
  static List<String> compile(
      List<? extends JavaFileObject> sources, Path folder, String... words) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
    JavacTask task = task(found, folder, sources);
    new OwnershipPlugin().init(task, words);
    task.call();
    return found.getDiagnostics().stream()
        .filter(d -> d.getKind() == Diagnostic.Kind.ERROR)
        .map(d -> d.getMessage(null))
        .toList();
  }
}
