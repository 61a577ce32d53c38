package orrery.mutation;

import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import orrery.ownership.checker.OwnershipPlugin;

/**
 * Compiles with the ownership checker, in this JVM. Its file manager keeps what it has read of the
 * class path from one compilation to the next; one thread at a time may use it.
 */
final class Javac implements AutoCloseable {
  private static final JavaCompiler JAVAC = ToolProvider.getSystemJavaCompiler();
  private static final List<String> OPTIONS = List.of("-proc:none", "-implicit:none");

  private final StandardJavaFileManager files = JAVAC.getStandardFileManager(null, null, null);
  private final String[] words;

  /**
   * A compiler.
   *
   * @param classes a folder that is looked into before the project's classes and libraries
   * @param words for the plugin
   */
  Javac(Path classes, String... words) {
    this.words = words;
    try {
      files.setLocationFromPaths(
          StandardLocation.CLASS_PATH,
          Stream.concat(Stream.of(classes), Stream.of(classPath().split(":")).map(Path::of))
              .toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The project's classes and libraries: the tests' own class path. */
  static String classPath() {
    return System.getProperty("java.class.path");
  }

  /** A compilation that only looks. */
  JavacTask task(List<? extends JavaFileObject> sources) {
    return task(new DiagnosticCollector<>(), sources);
  }

  private JavacTask task(
      DiagnosticCollector<JavaFileObject> found, List<? extends JavaFileObject> sources) {
    return (JavacTask) JAVAC.getTask(null, files, found, OPTIONS, null, sources);
  }

  /**
   * Compiles with the checker.
   *
   * @return the errors; none if the classes are in {@code folder}, which is made for them alone
   */
  List<String> compile(List<? extends JavaFileObject> sources, Path folder) throws IOException {
    DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
    JavacTask task = task(found, sources);
    new OwnershipPlugin().init(task, words);
    task.analyze();
    List<String> errors = errors(found);
    if (errors.isEmpty()) {
      Files.createDirectories(folder);
      files.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(folder));
      task.generate();
      errors = errors(found);
    }
    return errors;
  }

  private static List<String> errors(DiagnosticCollector<JavaFileObject> found) {
    return found.getDiagnostics().stream()
        .filter(d -> d.getKind() == Diagnostic.Kind.ERROR)
        .map(d -> d.getMessage(null))
        .toList();
  }

  @Override
  public void close() {
    try {
      files.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
