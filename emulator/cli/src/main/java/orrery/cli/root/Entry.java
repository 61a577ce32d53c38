package orrery.cli.root;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * One entry of a root file system.
 *
 * @param name path from the root without a leading slash, as bytes; {@code .} is the root itself
 * @param mode type and permission bits, as in {@code st_mode}
 * @param modified seconds since 1970
 * @param size bytes of content: of a regular file, or of a symbolic link's target
 * @param device {@code st_rdev} of a device node, else 0
 * @param source the host's file that has a regular file's content, else null
 * @param target a symbolic link's target as bytes, else null
 * @param identity equal for the names of one file with several hard links, else null
 */
record Entry(
    byte[] name,
    int mode,
    long modified,
    long size,
    long device,
    Path source,
    byte[] target,
    Object identity) {
  static Entry directory(String name, int permissions, long modified) {
    return new Entry(
        bytes(name), FileType.DIRECTORY | permissions, modified, 0, 0, null, null, null);
  }

  static Entry link(String name, String target, long modified) {
    byte[] to = bytes(target);
    return new Entry(
        bytes(name),
        FileType.SYMBOLIC_LINK | FileType.ALL_PERMISSIONS,
        modified,
        to.length,
        0,
        null,
        to,
        null);
  }

  Entry renamed(String newName) {
    return new Entry(bytes(newName), mode, modified, size, device, source, target, identity);
  }

  boolean isDirectory() {
    return FileType.of(mode) == FileType.DIRECTORY;
  }

  boolean isSymbolicLink() {
    return FileType.of(mode) == FileType.SYMBOLIC_LINK;
  }

  boolean isRegular() {
    return FileType.of(mode) == FileType.REGULAR;
  }

  /** The name for people and for look-ups. */
  String path() {
    return new String(name, StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
