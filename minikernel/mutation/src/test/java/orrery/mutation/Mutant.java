package orrery.mutation;

import java.net.URI;

/**
 * A driver with one planted mistake.
 *
 * @param source the file's name in the compilation
 * @param line where
 * @param text the changed file
 */
record Mutant(Mistake mistake, URI source, long line, String text) {
  /** The changed file; the driver's others stay as they are. */
  Source changed() {
    return new Source(source, text);
  }

  /** File and line. */
  String place() {
    String path = source.getPath();
    return path.substring(path.lastIndexOf('/') + 1) + ":" + line;
  }

  @Override
  public String toString() {
    return place() + ": " + mistake.title;
  }
}
