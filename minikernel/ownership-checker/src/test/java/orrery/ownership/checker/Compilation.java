package orrery.ownership.checker;

import com.sun.source.util.JavacTask;
import com.sun.source.util.TaskListener;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Runs javac with the plugin on sources in memory, against the cases' library. */
final class Compilation {
  private static final JavaCompiler JAVAC = ToolProvider.getSystemJavaCompiler();
  private static final StandardJavaFileManager FILES =
      JAVAC.getStandardFileManager(null, null, null);
  private static final Pattern CODE = Pattern.compile("^\\[(ORR\\d+)]");

  /** What a case need not write: all on the first line, so that lines are counted as written. */
  static final String PRELUDE =
      "import orrery.ownership.*; import lib.*; import lib.Queue; import java.util.*; import java.util.function.*; ";

  private static Path library;

  private final DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();

  private Compilation() {}

  /**
   * What javac said about one source.
   *
   * @param found errors and warnings as "LINE CODE"
   * @param messages as javac prints them, without the file
   */
  record Result(Set<String> found, List<String> messages) {}

  /**
   * Compiles all cases, each in a package of its own. They share one run of javac, except for those
   * that javac itself rejects: its errors keep the checker from looking.
   */
  static Map<Case, Result> ofAll(List<Case> cases) {
    Map<Case, Result> results = new IdentityHashMap<>();
    List<Case> together = new ArrayList<>();
    for (Case each : cases) {
      if (each.expected().stream().anyMatch(e -> e.contains("compiler.err"))) {
        results.put(each, of(PRELUDE + each.source(), List.of()).result("Case.java"));
      } else {
        together.add(each);
      }
    }
    List<Source> sources = new ArrayList<>();
    for (int i = 0; i < together.size(); i++) {
      String text = "package c" + i + "; " + PRELUDE + together.get(i).source();
      sources.add(new Source(URI.create("string:///c" + i + "/Case.java"), text));
    }
    Compilation all = of(sources, List.of("-Xmaxerrs", "10000", "-Xmaxwarns", "10000"));
    for (int i = 0; i < together.size(); i++) {
      results.put(together.get(i), all.result("c" + i + "/Case.java"));
    }
    return results;
  }

  /** Compiles one source text with more words for javac. */
  static Compilation of(String text, List<String> options) {
    return of(List.of(new Source(URI.create("string:///Case.java"), text)), options);
  }

  /** Compiles files. */
  static Compilation of(List<? extends JavaFileObject> sources, List<String> options) {
    return of(sources, options, List.of("debug"));
  }

  /** Compiles files; the plugin gets words of its own. */
  static Compilation of(
      List<? extends JavaFileObject> sources, List<String> options, List<String> pluginWords) {
    return of(sources, options, pluginWords, new TaskListener() {});
  }

  /** Compiles files; {@code before} is told of each step before the plugin is. */
  static Compilation of(
      List<? extends JavaFileObject> sources,
      List<String> options,
      List<String> pluginWords,
      TaskListener before) {
    Compilation compilation = new Compilation();
    try {
      List<String> words = new ArrayList<>(options);
      if (!options.contains("-cp")) {
        words.addAll(List.of("-cp", libraryFolder() + File.pathSeparator + classPath()));
      }
      if (!options.contains("-d")) {
        words.addAll(
            List.of("-d", Files.createDirectories(Path.of("target/case-classes")).toString()));
      }
      words.addAll(List.of("-proc:none"));
      var task =
          (JavacTask) JAVAC.getTask(null, FILES, compilation.diagnostics, words, null, sources);
      task.addTaskListener(before);
      // as -Xplugin does, but without loading the plugin's classes again for each case
      new OwnershipPlugin().init(task, pluginWords.toArray(String[]::new));
      task.call();
      return compilation;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The tests' own class path: the plugin and the annotations are on it. */
  static String classPath() {
    return System.getProperty("java.class.path");
  }

  /** The library's classes; compiled once, with the plugin, which has nothing to say about it. */
  static synchronized Path libraryFolder() {
    if (library == null) {
      try {
        Path folder = Files.createDirectories(Path.of("target/case-library"));
        library = folder;
        Compilation compiled =
            of(
                javaFiles(Path.of("src/test/lib")),
                List.of("-d", folder.toString(), "-cp", classPath()));
        if (!compiled.found().isEmpty()) {
          throw new IllegalStateException("the library has errors: " + compiled.messages());
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return library;
  }

  /** All Java files below a folder. */
  static List<JavaFileObject> javaFiles(Path folder) {
    try (Stream<Path> tree = Files.walk(folder)) {
      List<JavaFileObject> sources = new ArrayList<>();
      for (Path file : tree.filter(p -> p.toString().endsWith(".java")).sorted().toList()) {
        sources.add(new Source(file.toUri(), Files.readString(file)));
      }
      return sources;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What was said about the source with that name. */
  private Result result(String name) {
    Set<String> found = new TreeSet<>();
    List<String> messages = new ArrayList<>();
    for (var each : diagnostics.getDiagnostics()) {
      boolean about =
          each.getSource() != null && each.getSource().toUri().getPath().equals("/" + name);
      if (about && each.getKind() != Diagnostic.Kind.NOTE) {
        found.add(each.getLineNumber() + " " + code(each));
        String text = each.getMessage(null).replaceAll("\\bc\\d+\\.", "");
        messages.add("line " + each.getLineNumber() + ": " + text);
      }
    }
    return new Result(found, messages);
  }

  /** Errors and warnings of all sources as "LINE CODE". */
  Set<String> found() {
    Set<String> found = new TreeSet<>();
    for (var each : diagnostics.getDiagnostics()) {
      if (each.getKind() != Diagnostic.Kind.NOTE) {
        found.add(each.getLineNumber() + " " + code(each));
      }
    }
    return found;
  }

  private static String code(Diagnostic<?> diagnostic) {
    Matcher matcher = CODE.matcher(diagnostic.getMessage(null));
    return matcher.find() ? matcher.group(1) : diagnostic.getCode();
  }

  /** Errors as javac prints them, without the file. */
  List<String> messages() {
    return diagnostics.getDiagnostics().stream()
        .map(d -> "line " + d.getLineNumber() + ": " + d.getMessage(null))
        .toList();
  }

  /** A source in memory. */
  static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(URI uri, String text) {
      super(uri, Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
