package orrery.cli.root;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Packs a folder into an archive for the cache; scripts of the project run it. */
public final class PackRoot {
  private PackRoot() {}

  /**
   * Packs {@code arguments[0]}, a folder, into {@code arguments[1]}, a file. Further arguments are
   * device nodes to add, such as {@code dev/console:c:5:1:600}; see {@link DeviceNode}.
   *
   * @throws IOException if the folder cannot be read or the file not be written
   */
  public static void main(String[] arguments) throws IOException {
    List<Entry> nodes = Arrays.stream(arguments).skip(2).map(DeviceNode::parse).toList();
    new RootImage(Path.of(arguments[0]), List.of()).pack(Path.of(arguments[1]), nodes);
  }
}
