package orrery.mutation;

/**
 * A driver with one planted mistake.
 *
 * @param source the file's name in the compilation
 * @param line where
 * @param text the changed file
 */
record Mutant(Mistake mistake, String source, long line, String text) {
  /** File and line. */
  String place() {
    return source.substring(source.lastIndexOf('/') + 1) + ":" + line;
  }

  @Override
  public String toString() {
    return place() + ": " + mistake.title;
  }
}
