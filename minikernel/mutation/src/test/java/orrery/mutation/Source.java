package orrery.mutation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.SimpleJavaFileObject;

/** A source in memory. */
final class Source extends SimpleJavaFileObject {
  private final String text;

  Source(URI uri, String text) {
    super(uri, Kind.SOURCE);
    this.text = text;
  }

  @Override
  public CharSequence getCharContent(boolean ignoreEncodingErrors) {
    return text;
  }

  /** The Java files below a folder. */
  static List<Source> below(Path folder) {
    try (Stream<Path> tree = Files.walk(folder)) {
      List<Source> sources = new ArrayList<>();
      for (Path file : tree.filter(p -> p.toString().endsWith(".java")).sorted().toList()) {
        sources.add(new Source(file.toUri(), Files.readString(file)));
      }
      return sources;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
