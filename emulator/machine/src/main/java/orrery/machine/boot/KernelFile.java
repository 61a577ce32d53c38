package orrery.machine.boot;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import orrery.machine.MachineException;

/**
 * A guest kernel as it is kept: an arm64 Image, raw, gzip-compressed or in an EFI zboot wrapper, an
 * ELF file, or a flat binary. Its content says which; it may be placed any number of times.
 */
public final class KernelFile {
  private final String name;
  private final Opener opener;

  private interface Opener {
    MemorySegment open(Arena arena) throws IOException;
  }

  private KernelFile(String name, Opener opener) {
    this.name = name;
    this.opener = opener;
  }

  /** A host file. */
  public static KernelFile of(Path file) {
    return new KernelFile(file.toString(), arena -> map(file, arena));
  }

  /** A kernel in memory, with a name for messages. */
  public static KernelFile of(String name, byte[] content) {
    byte[] copy = content.clone();
    return new KernelFile(name, arena -> MemorySegment.ofArray(copy));
  }

  /** What messages call it. */
  String name() {
    return name;
  }

  /**
   * Its bytes, read-only or not to be written, for as long as {@code arena} lives.
   *
   * @throws MachineException if it cannot be read
   */
  MemorySegment open(Arena arena) {
    try {
      return opener.open(arena);
    } catch (IOException e) {
      throw new MachineException("the kernel " + name + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** A complaint about this kernel: its name, what is wrong, what to do. */
  MachineException rejected(String complaint) {
    return new MachineException("the kernel " + name + " " + complaint);
  }

  private static MemorySegment map(Path file, Arena arena) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
    }
  }
}
