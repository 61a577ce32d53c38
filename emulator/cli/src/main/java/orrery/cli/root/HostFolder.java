package orrery.cli.root;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Lists host files as entries of a root, in a repeatable order and never through a link. */
final class HostFolder {
  private static final String ATTRIBUTES = "unix:mode,ino,dev,nlink,rdev,size,lastModifiedTime";

  private HostFolder() {}

  /** Hands the folder itself, named {@code name}, and all below it to {@code entries}. */
  static void list(Path folder, String name, Consumer<Entry> entries) throws IOException {
    Entry entry = entry(folder, name);
    entries.accept(entry);
    if (!entry.isDirectory()) {
      return;
    }
    List<Path> children = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      stream.forEach(children::add);
    }
    Collections.sort(children);
    for (Path child : children) {
      String childName = child.getFileName().toString();
      list(child, name.equals(".") ? childName : name + "/" + childName, entries);
    }
  }

  /** The entry of one host file. */
  static Entry entry(Path file, String name) throws IOException {
    Map<String, Object> attributes =
        Files.readAttributes(file, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
    int mode = (Integer) attributes.get("mode");
    long modified = ((FileTime) attributes.get("lastModifiedTime")).to(TimeUnit.SECONDS);
    int type = FileType.of(mode);
    boolean regular = type == FileType.REGULAR;
    byte[] target =
        type == FileType.SYMBOLIC_LINK
            ? Files.readSymbolicLink(file).toString().getBytes(StandardCharsets.UTF_8)
            : null;
    long size = regular ? (Long) attributes.get("size") : target == null ? 0 : target.length;
    Object identity =
        regular && (Integer) attributes.get("nlink") > 1
            ? List.of(attributes.get("dev"), attributes.get("ino"))
            : null;
    long device = (Long) attributes.get("rdev");
    return new Entry(
        name.getBytes(StandardCharsets.UTF_8),
        mode,
        modified,
        size,
        device,
        regular ? file : null,
        target,
        identity);
  }
}
