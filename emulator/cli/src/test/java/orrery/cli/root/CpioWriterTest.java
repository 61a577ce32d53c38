package orrery.cli.root;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

final class CpioWriterTest {
  private static Path folder;

  @BeforeContainer
  static void makeFolder() throws IOException {
    folder = Files.createTempDirectory("cpio");
  }

  @AfterContainer
  static void removeFolder() throws IOException {
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(file);
      }
    }
  }

  /** Whatever the sizes and name lengths: contents come back, and large ones lie on a page. */
  @Property(tries = 200)
  boolean everyFileComesBack(
      @ForAll @Size(min = 1, max = 8) List<@IntRange(max = 20_000) Integer> sizes,
      @ForAll @IntRange(min = 1, max = 200) int nameLength) {
    List<Entry> entries = new ArrayList<>();
    List<byte[]> contents = new ArrayList<>();
    try (Arena arena = Arena.ofConfined()) {
      long bound = CpioWriter.trailerLength();
      for (int i = 0; i < sizes.size(); i++) {
        byte[] content = new byte[sizes.get(i)];
        new Random(i).nextBytes(content);
        contents.add(content);
        Path file = Files.write(folder.resolve("f" + i), content);
        Entry entry = HostFolder.entry(file, i + "n".repeat(nameLength));
        entries.add(entry);
        bound += CpioWriter.bound(entry);
      }
      MemorySegment memory = arena.allocate(bound, CpioWriter.PAGE);
      CpioWriter writer = new CpioWriter(memory, 0);
      for (int i = 0; i < entries.size(); i++) {
        writer.write(entries.get(i), i + 1, 1, true);
      }
      writer.end();
      ReadArchive archive = ReadArchive.of(memory.toArray(ValueLayout.JAVA_BYTE));
      for (int i = 0; i < entries.size(); i++) {
        ReadArchive.Item item = archive.items().get(entries.get(i).path());
        if (!Arrays.equals(contents.get(i), item.content())) {
          return false;
        }
      }
      return archive.length() == writer.position() && writer.position() <= bound;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
