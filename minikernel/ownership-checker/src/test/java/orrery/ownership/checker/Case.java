package orrery.ownership.checker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One case of the compile-fail suite: a section of a {@code .cases} file that begins with {@code
 * //# bad TITLE} or {@code //# good TITLE}. A line {@code ... //~ ERROR ORR0001} expects that error
 * on it; a javac key stands for an error of javac itself. Everything else must compile silently.
 *
 * @param file the file's name without its ending
 * @param good true if nothing is expected
 * @param title what the case shows
 * @param source Java, with the markers
 */
record Case(String file, boolean good, String title, String source) {
  /** The folder of the cases. */
  static final Path FOLDER = Path.of("src/test/cases");

  private static final Pattern HEADER = Pattern.compile("//# (bad|good) (.+)");
  private static final Pattern MARKER = Pattern.compile("//~ ERROR (\\S+)");

  /** Every case, by file and order. */
  static List<Case> all() {
    try (Stream<Path> files = Files.list(FOLDER)) {
      List<Case> cases = new ArrayList<>();
      for (Path file : files.filter(p -> p.toString().endsWith(".cases")).sorted().toList()) {
        cases.addAll(in(file));
      }
      return cases;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Case> in(Path file) throws IOException {
    List<Case> cases = new ArrayList<>();
    String name = file.getFileName().toString().replace(".cases", "");
    Matcher header = null;
    StringBuilder source = new StringBuilder();
    for (String line : Files.readAllLines(file)) {
      Matcher next = HEADER.matcher(line);
      if (next.matches()) {
        if (header != null) {
          cases.add(make(name, header, source));
        }
        header = next;
        source = new StringBuilder();
      } else if (header == null && !line.isBlank()) {
        throw new IllegalStateException(file + " begins without a header");
      } else {
        source.append(line).append('\n');
      }
    }
    if (header != null) {
      cases.add(make(name, header, source));
    }
    return cases;
  }

  private static Case make(String file, Matcher header, StringBuilder source) {
    return new Case(
        file, header.group(1).equals("good"), header.group(2), source.toString().strip() + "\n");
  }

  /** What is expected: "LINE CODE". */
  Set<String> expected() {
    Set<String> expected = new TreeSet<>();
    int number = 0;
    for (String line : source.lines().toList()) {
      number++;
      Matcher marker = MARKER.matcher(line);
      while (marker.find()) {
        expected.add(number + " " + marker.group(1));
      }
    }
    return expected;
  }

  /** The source without its markers. */
  String plain() {
    return source.replaceAll("(?m)\\s*//~ ERROR.*$", "");
  }

  @Override
  public String toString() {
    return file + ": " + (good ? "good: " : "bad: ") + title;
  }
}
