package orrery.ownership.checker;

import java.nio.file.Path;
import java.util.List;

/**
 * The words after {@code -Xplugin:Ownership}.
 *
 * @param strict packages, each with those below it, in which raw memory and reflection need
 *     {@code @Unsafe}; empty means all
 * @param report the file that gets the list of unsafe places, or null
 * @param debug print the stack trace if the checker itself fails
 */
public record Options(List<String> strict, Path report, boolean debug) {
  private static final String STRICT = "strict=";
  private static final String REPORT = "report=";

  /**
   * Reads the words.
   *
   * @throws IllegalArgumentException if one is unknown
   */
  static Options parse(String... words) {
    List<String> strict = List.of();
    Path report = null;
    boolean debug = false;
    for (String word : words) {
      if (word.startsWith(STRICT)) {
        strict = List.of(word.substring(STRICT.length()).split(","));
      } else if (word.startsWith(REPORT)) {
        report = Path.of(word.substring(REPORT.length()));
      } else if (word.equals("debug")) {
        debug = true;
      } else {
        throw new IllegalArgumentException(
            "-Xplugin:Ownership knows strict=PACKAGE,..., report=FILE and debug, not " + word);
      }
    }
    return new Options(strict, report, debug);
  }

  boolean isStrict(String packageName) {
    return strict.isEmpty()
        || strict.stream().anyMatch(p -> packageName.equals(p) || packageName.startsWith(p + "."));
  }
}
