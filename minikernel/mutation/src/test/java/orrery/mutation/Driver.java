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
 * @param step of how many of its mutants one is tried: large drivers have more than time allows
 */
record Driver(
    String name, Path folder, Path support, String words, List<String> scenario, int step) {
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
            "",
            List.of("hw.Scenario"),
            1),
        real("sample", 1),
        real("virtio", 1),
        real("nvme", 8));
  }

  private static Driver real(String name, int step) {
    return new Driver(name, DRIVERS.resolve(name), null, STRICT, List.of(SCENARIO, name), step);
  }

  /** The sources with a mistake in one of them; null for none. */
  List<JavaFileObject> sources(Mutant mutant) {
    List<JavaFileObject> sources = new ArrayList<>();
    for (JavaFileObject each : all(folder)) {
      boolean changed = mutant != null && each.toUri().toString().equals(mutant.source());
      sources.add(changed ? new Source(each.toUri(), mutant.text()) : each);
    }
    if (support != null) {
      sources.addAll(all(support));
    }
    return sources;
  }

  private static List<JavaFileObject> all(Path folder) {
    return Source.below(folder);
  }

  /** The mistakes that are tried. */
  List<Mutant> mutants() throws IOException {
    List<Mutant> all = everyMutant();
    List<Mutant> tried = new ArrayList<>();
    for (int i = 0; i < all.size(); i += step) {
      tried.add(all.get(i));
    }
    return tried;
  }

  /** Every mistake that can be planted. */
  List<Mutant> everyMutant() throws IOException {
    List<JavaFileObject> sources = sources(null);
    JavacTask task = Javac.task(sources);
    List<CompilationUnitTree> units = new ArrayList<>();
    task.parse().forEach(units::add);
    task.analyze();
    Consuming consuming = new Consuming();
    List<Mutant> mutants = new ArrayList<>();
    int own = all(folder).size();
    for (int i = 0; i < own; i++) {
      JCCompilationUnit unit = (JCCompilationUnit) units.get(i);
      String text = sources.get(i).getCharContent(true).toString();
      Editor editor = new Editor(unit, sources.get(i).toUri().toString(), text);
      new OwnershipPlanter(editor, consuming).scan(unit);
      new BorrowPlanter(editor, consuming.marks()).scan(unit);
      new DevicePlanter(editor).scan(unit);
      new ContextPlanter(editor, consuming.marks()).scan(unit);
      mutants.addAll(editor.mutants());
    }
    return mutants;
  }
}
