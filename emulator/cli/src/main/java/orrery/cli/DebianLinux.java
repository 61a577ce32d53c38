package orrery.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import orrery.machine.MachineException;

/**
 * Debian's kernel and a file system with a shell for it, by the scripts of {@code
 * test-images/linux}, which fetch and make them once.
 */
final class DebianLinux {
  /** Where ./orrery says the project is. */
  private static final String HOME = "orrery.home";

  private static final String FOLDER = "test-images/linux";

  /** The drivers of console and random numbers that some of the kernels have as modules. */
  private static final List<String> MODULES = List.of("virtio_pci", "virtio_console", "virtio_rng");

  private DebianLinux() {}

  /** The kernel's Image. */
  static Path kernel(String version) {
    return script("kernel", version);
  }

  /** A file system with busybox whose first process is a shell. */
  static Path shell(String version) {
    List<String> words = new ArrayList<>(List.of("initramfs", "--kernel", version));
    for (String module : MODULES) {
      Collections.addAll(words, "--module", module);
    }
    return script(words.toArray(String[]::new));
  }

  /** Runs a script that prints a path and, on stderr, its progress or one line of why not. */
  private static Path script(String... words) {
    Path folder = Path.of(System.getProperty(HOME, ""), FOLDER);
    if (!Files.isExecutable(folder.resolve(words[0]))) {
      throw new MachineException(
          "Debian's kernel is fetched by a checkout's ./orrery: use that or give --kernel");
    }
    List<String> command = new ArrayList<>(List.of(words));
    command.set(0, folder.resolve(words[0]).toString());
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      String path =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (process.waitFor() != 0) {
        throw new MachineException(
            "there is no Debian kernel to boot: see above, or give --kernel");
      }
      return Path.of(path);
    } catch (IOException e) {
      throw new MachineException("cannot run " + command.getFirst() + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MachineException("interrupted while Debian's kernel was fetched", e);
    }
  }
}
