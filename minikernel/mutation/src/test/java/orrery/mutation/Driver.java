package orrery.mutation;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.JavacTask;
import com.sun.tools.javac.tree.JCTree.JCCompilationUnit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaFileObject;

/**
 * A good driver.
 *
 * @param name for the table
 * @param folder its sources, which are mutated
 * @param support sources that are compiled with it, or null
 * @param words for the checker
 * @param scenario the class whose main method drives it, and its arguments
 */
record Driver(String name, Path folder, Path support, String words, List<String> scenario) {
  private static final Path COMPILED = Path.of("target/drivers").toAbsolutePath();
  private static final Path DRIVERS = Path.of("../drivers/src/main/java/orrery/driver");
  private static final String STRICT = "strict=orrery.driver";
  private static final String SCENARIO = "orrery.cli.guest.DriverScenario";

  /** Every driver that is tried. */
  static List<Driver> all() {
    return List.of(
        new Driver(
            "echo",
            Path.of("src/test/echo"),
            Path.of("src/test/hw"),
            "strict=echo,hw",
            List.of("hw.Scenario")),
        real("sample"),
        real("virtio"),
        real("nvme"));
  }

  private static Driver real(String name) {
    return new Driver(name, DRIVERS.resolve(name), null, STRICT, List.of(SCENARIO, name));
  }

  /** Where its own classes are once {@link #compile} has been called. */
  Path classes() {
    return COMPILED.resolve(name);
  }

  /** A compiler of its files, one at a time, against the rest of it. */
  Javac javac() {
    return new Javac(classes(), words);
  }

  /**
   * Compiles the good driver as a whole.
   *
   * @return the errors
   */
  List<String> compile() throws IOException {
    try (Javac javac = javac()) {
      return javac.compile(sources(), classes());
    }
  }

  private List<JavaFileObject> sources() {
    List<JavaFileObject> sources = new ArrayList<>(Source.below(folder));
    if (support != null) {
      sources.addAll(Source.below(support));
    }
    return sources;
  }

  /** Every mistake that can be planted. */
  List<Mutant> mutants() throws IOException {
    List<JavaFileObject> sources = sources();
    List<CompilationUnitTree> units = new ArrayList<>();
    try (Javac javac = javac()) {
      JavacTask task = javac.task(sources);
      task.parse().forEach(units::add);
      task.analyze();
    }
    Consuming consuming = new Consuming();
    List<Mutant> mutants = new ArrayList<>();
    int own = Source.below(folder).size();
    for (int i = 0; i < own; i++) {
      JCCompilationUnit unit = (JCCompilationUnit) units.get(i);
      String text = sources.get(i).getCharContent(true).toString();
      Editor editor = new Editor(unit, sources.get(i).toUri(), text);
      new OwnershipPlanter(editor, consuming).scan(unit);
      new BorrowPlanter(editor, consuming.marks()).scan(unit);
      new DevicePlanter(editor).scan(unit);
      new ContextPlanter(editor, consuming.marks()).scan(unit);
      mutants.addAll(editor.mutants());
    }
    return mutants;
  }
}
