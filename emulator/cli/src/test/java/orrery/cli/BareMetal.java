package orrery.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Compiles the bare-metal programs of {@code src/test/guest} with the cross compiler. */
final class BareMetal {
  private static final Path SOURCES = Path.of("src/test/guest").toAbsolutePath();
  private static final String CROSS = "aarch64-linux-gnu-";

  private BareMetal() {}

  /** The program as an ELF file with symbols. */
  static Path elf(Path folder, String name) {
    Path program = folder.resolve(name + ".elf");
    run(
        List.of(
            CROSS + "gcc",
            "-O1",
            "-ffreestanding",
            "-nostdlib",
            "-fno-builtin",
            "-fno-pic",
            "-no-pie",
            "-fno-stack-protector",
            "-mgeneral-regs-only",
            "-mstrict-align",
            "-ffixed-x27",
            "-ffixed-x28",
            "-Wl,--build-id=none",
            "-Wl,-T," + SOURCES.resolve("bare.ld"),
            "-o",
            program.toString(),
            SOURCES.resolve("start.S").toString(),
            SOURCES.resolve(name + ".c").toString()));
    return program;
  }

  /** The program as a flat binary. */
  static Path flat(Path folder, String name) {
    Path binary = folder.resolve(name + ".bin");
    run(
        List.of(
            CROSS + "objcopy", "-O", "binary", elf(folder, name).toString(), binary.toString()));
    return binary;
  }

  /** Instructions as a flat binary. */
  static Path code(Path folder, int... instructions) {
    byte[] bytes = new byte[instructions.length * Integer.BYTES];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (instructions[i / Integer.BYTES] >>> i % Integer.BYTES * Byte.SIZE);
    }
    return file(folder, "code.bin", bytes);
  }

  /** A file. */
  static Path file(Path folder, String name, byte[] content) {
    try {
      return Files.write(folder.resolve(name), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void run(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes());
      if (process.waitFor() != 0) {
        throw new AssertionError(String.join(" ", command) + ":\n" + output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "no cross compiler; on Debian: apt-get install gcc-aarch64-linux-gnu", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
