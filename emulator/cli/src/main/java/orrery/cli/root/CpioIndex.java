package orrery.cli.root;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import orrery.machine.MachineException;

/** Reads the names, modes and link targets of an archive that {@link CpioWriter} wrote. */
final class CpioIndex {
  private static final int DIGITS = 8;
  private static final int MAGIC = 6;
  private static final int MODE = 1;
  private static final int SIZE = 6;
  private static final int NAME_SIZE = 11;
  private static final String TRAILER = "TRAILER!!!";

  private CpioIndex() {}

  /**
   * Hands every entry to {@code entries}, without its content.
   *
   * @throws MachineException if this is no such archive
   */
  static void read(MemorySegment archive, Consumer<Entry> entries) {
    long position = 0;
    while (true) {
      if (position > archive.byteSize() - CpioWriter.HEADER) {
        throw damaged();
      }
      int mode = (int) number(archive, position, MODE);
      long size = number(archive, position, SIZE);
      long nameSize = number(archive, position, NAME_SIZE);
      long content = align(position + CpioWriter.HEADER + nameSize);
      if (content > archive.byteSize() || size > archive.byteSize() - content) {
        throw damaged();
      }
      String name = text(archive, position + CpioWriter.HEADER, nameSize);
      if (name.equals(TRAILER)) {
        return;
      }
      if (FileType.of(mode) == FileType.SYMBOLIC_LINK) {
        entries.accept(Entry.link(name, text(archive, content, size), 0));
      } else if (FileType.of(mode) == FileType.DIRECTORY) {
        entries.accept(Entry.directory(name, mode & ~FileType.MASK, 0));
      }
      position = align(content + size);
    }
  }

  private static long number(MemorySegment archive, long entry, int field) {
    long value = 0;
    for (int i = 0; i < DIGITS; i++) {
      byte c = archive.get(ValueLayout.JAVA_BYTE, entry + MAGIC + (long) field * DIGITS + i);
      int digit = Character.digit(c, 16);
      if (digit < 0) {
        throw damaged();
      }
      value = value << 4 | digit;
    }
    return value;
  }

  /** The bytes before the first zero. */
  private static String text(MemorySegment archive, long start, long length) {
    byte[] bytes = archive.asSlice(start, length).toArray(ValueLayout.JAVA_BYTE);
    int end = 0;
    while (end < bytes.length && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8);
  }

  private static long align(long value) {
    return value + 3 & -4;
  }

  private static MachineException damaged() {
    return new MachineException(
        "the default root in the cache is damaged: remove ~/.cache/orrery/default-root and start again");
  }
}
