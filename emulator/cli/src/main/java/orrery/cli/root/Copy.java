package orrery.cli.root;

import java.nio.file.Path;

/**
 * A host file or folder to put into the root.
 *
 * @param host where it is
 * @param guest absolute path in the guest; a folder's path, or one that ends with a slash, takes a
 *     file under its own name
 */
public record Copy(Path host, String guest) {
  /**
   * Reads {@code HOST:GUEST}; the guest's path starts after the last colon before a slash.
   *
   * @throws IllegalArgumentException if it is not of that form; the message is for the user
   */
  public static Copy parse(String text) {
    int colon = text.lastIndexOf(":/");
    if (colon <= 0) {
      throw new IllegalArgumentException(
          "'" + text + "' is not HOST:GUEST with an absolute guest path, such as prog:/bin/prog");
    }
    return new Copy(Path.of(text.substring(0, colon)), text.substring(colon + 1));
  }
}
