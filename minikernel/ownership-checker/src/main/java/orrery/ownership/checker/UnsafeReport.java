package orrery.ownership.checker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The list of all unsafe places of a compilation, one line each. */
final class UnsafeReport {
  /**
   * A marked class, method or field.
   *
   * @param source the source file
   * @param line its line
   * @param name the qualified name
   * @param why the annotation's text
   * @param safety the SAFETY lines inside
   */
  record Place(String source, int line, String name, String why, List<String> safety) {}

  private final Options options;
  private final List<Place> places = new ArrayList<>();

  UnsafeReport(Options options) {
    this.options = options;
  }

  void add(Place place) {
    places.add(place);
  }

  /** Writes the file, if one is asked for; does nothing otherwise. */
  void write() {
    Path file = options.report();
    if (file == null) {
      return;
    }
    List<String> lines = new ArrayList<>();
    for (Place place : places) {
      lines.add(place.source + ":" + place.line + ": " + place.name + ": " + place.why);
      place.safety.forEach(s -> lines.add("    SAFETY: " + s));
    }
    try {
      if (file.toAbsolutePath().getParent() instanceof Path folder) {
        Files.createDirectories(folder);
      }
      Files.write(file, lines);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the report of unsafe places, " + file, e);
    }
  }
}
