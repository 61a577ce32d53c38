package orrery.cli.root;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Packs a folder into an archive for the cache; the set-up script runs it. */
public final class PackRoot {
  private PackRoot() {}

  /**
   * Packs {@code arguments[0]}, a folder, into {@code arguments[1]}, a file.
   *
   * @throws IOException if the folder cannot be read or the file not be written
   */
  public static void main(String[] arguments) throws IOException {
    new RootImage(Path.of(arguments[0]), List.of()).pack(Path.of(arguments[1]));
  }
}
