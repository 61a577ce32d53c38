package orrery.ownership.checker;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.JavacTask;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;

/**
 * One driver of {@code drivers.txt} and what becomes of its mutants.
 *
 * @param name the driver's name
 * @param folders its sources, those that are mutated first
 * @param scenario the class whose main method drives it
 */
record Mutation(String name, List<Path> folders, String scenario) {
  /** Where a mutant ends. */
  enum Fate {
    /** It does not compile. */
    REJECTED,
    /** It compiles, and the run-time guard or the census reports it. */
    CAUGHT,
    /** It compiles, and runs with every check on without breaking an ownership rule. */
    HARMLESS,
    /** It compiles, breaks a rule that nothing at run time checks. */
    SILENT
  }

  /**
   * A mutant and its fate.
   *
   * @param why the first error, or what the run said
   */
  record Outcome(Mutant mutant, Fate fate, String why) {}

  /** The drivers of the list. */
  static List<Mutation> all() throws IOException {
    List<Mutation> all = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("src/test/mutation/drivers.txt"))) {
      if (!line.isBlank() && !line.startsWith("#")) {
        String[] words = line.strip().split("\\s+");
        List<Path> folders = Arrays.stream(words[1].split(":")).map(Path::of).toList();
        all.add(new Mutation(words[0], folders, words[2]));
      }
    }
    return all;
  }

  /** What is wrong with the driver as it is: nothing, if it is good. */
  String faults() throws IOException {
    Path folder = scratch();
    Compilation compiled = Compilation.of(sources(null), List.of("-d", folder.toString()));
    return compiled.messages().isEmpty() ? run(folder) : compiled.messages().toString();
  }

  /** Makes every mutant and tries it. */
  List<Outcome> outcomes() throws IOException {
    List<Outcome> outcomes = new ArrayList<>();
    for (Mutant mutant : mutants()) {
      outcomes.add(outcome(mutant));
    }
    return outcomes;
  }

  private Outcome outcome(Mutant mutant) throws IOException {
    Path folder = scratch();
    Compilation compiled = Compilation.of(sources(mutant), List.of("-d", folder.toString()));
    if (!compiled.found().isEmpty()) {
      return new Outcome(mutant, Fate.REJECTED, compiled.messages().getFirst());
    }
    String fault = run(folder);
    if (!fault.isEmpty()) {
      return new Outcome(mutant, Fate.CAUGHT, fault);
    }
    boolean checkedAtRunTime =
        switch (mutant.operator()) {
          case DELETE_FREE, USE_AFTER_MOVE, CONSUME_TWICE, SWAP_BRANCHES -> true;
          case KEEP_BORROW, DROP_LOCK, SLEEP -> false;
        };
    return new Outcome(mutant, checkedAtRunTime ? Fate.HARMLESS : Fate.SILENT, "");
  }

  private List<Mutant> mutants() throws IOException {
    List<JavaFileObject> sources = sources(null);
    JavacTask task =
        (JavacTask)
            ToolProvider.getSystemJavaCompiler()
                .getTask(
                    null,
                    null,
                    null,
                    List.of("-cp", Compilation.classPath(), "-proc:none"),
                    null,
                    sources);
    List<CompilationUnitTree> units = new ArrayList<>();
    task.parse().forEach(units::add);
    task.analyze();
    List<Mutant> mutants = new ArrayList<>();
    int own = Compilation.javaFiles(folders.getFirst()).size();
    for (int i = 0; i < own; i++) {
      String text = sources.get(i).getCharContent(true).toString();
      mutants.addAll(Mutator.of(task, units.get(i), sources.get(i).toUri().toString(), text));
    }
    return mutants;
  }

  private List<JavaFileObject> sources(Mutant mutant) {
    List<JavaFileObject> sources = new ArrayList<>();
    for (Path folder : folders) {
      for (JavaFileObject each : Compilation.javaFiles(folder)) {
        boolean changed = mutant != null && each.toUri().toString().equals(mutant.source());
        sources.add(changed ? new Compilation.Source(each.toUri(), mutant.text()) : each);
      }
    }
    return sources;
  }

  private static Path scratch() throws IOException {
    return Files.createTempDirectory(Files.createDirectories(Path.of("target/mutants")), "m");
  }

  /** Runs the scenario in a loader of its own; what it threw, or nothing. */
  private String run(Path folder) throws IOException {
    List<URL> urls = new ArrayList<>();
    urls.add(folder.toUri().toURL());
    for (String entry : Compilation.classPath().split(File.pathSeparator)) {
      urls.add(Path.of(entry).toUri().toURL());
    }
    ClassLoader platform = ClassLoader.getPlatformClassLoader();
    try (var loader = new URLClassLoader(urls.toArray(URL[]::new), platform)) {
      loader.loadClass(scenario).getMethod("main", String[].class).invoke(null, (Object) null);
      return "";
    } catch (InvocationTargetException e) {
      return e.getCause().toString();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot run " + scenario, e);
    }
  }
}
