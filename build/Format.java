import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions.Style;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Formats every Java source below the current folder in Google's style, or, with {@code --check},
 * names those that are not and exits with 1. Run by {@code build/format} and by {@code mvn verify}.
 */
final class Format {
  private Format() {}

  public static void main(String[] args) throws IOException {
    boolean checkOnly = args.length > 0 && args[0].equals("--check");
    List<Path> sources;
    try (var tree = Files.walk(Path.of(""))) {
      sources =
          tree.filter(p -> p.toString().endsWith(".java"))
              .filter(p -> !p.toString().matches("(.*/)?(target|\\.git)/.*"))
              .sorted()
              .toList();
    }
    List<Path> unformatted =
        sources.parallelStream().filter(p -> !isFormatted(p, checkOnly)).toList();
    if (checkOnly && !unformatted.isEmpty()) {
      unformatted.forEach(p -> System.err.println("not formatted: " + p));
      System.err.println("run build/format and commit what it changes");
      System.exit(1);
    }
  }

  private static boolean isFormatted(Path source, boolean checkOnly) {
    try {
      String text = Files.readString(source);
      String unused = RemoveUnusedImports.removeUnusedImports(text);
      String ordered = ImportOrderer.reorderImports(unused, Style.GOOGLE);
      String formatted = new Formatter().formatSource(ordered);
      if (formatted.equals(text)) {
        return true;
      }
      if (!checkOnly) {
        Files.writeString(source, formatted);
        System.out.println("formatted " + source);
      }
      return false;
    } catch (FormatterException | IOException e) {
      System.err.println(source + ": " + e.getMessage());
      return false;
    }
  }
}
