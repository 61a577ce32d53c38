package orrery.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Initial file systems and disk images for tests with Debian's Linux. */
final class LinuxImages {
  private LinuxImages() {}

  /** A file of these tests' resources. */
  static Path resource(String name) {
    return Launched.project().resolve("emulator/cli/src/test/resources/orrery/cli").resolve(name);
  }

  /** An initial file system with the NVMe and ext4 drivers that runs a script. */
  static String initramfs(String script, String... packages) throws Exception {
    List<String> words = new ArrayList<>();
    words.add(Launched.project().resolve("test-images/linux/initramfs").toString());
    words.addAll(List.of("--module", "nvme", "--module", "ext4"));
    words.addAll(List.of("--script", resource(script).toString()));
    words.addAll(List.of("--copy", resource("nvme-steps.sh") + ":/orrery/steps.sh"));
    words.addAll(List.of(packages));
    return print(words.toArray(String[]::new));
  }

  /** What a command prints. */
  static String print(String... command) throws Exception {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output.strip();
  }

  /** A disk of zeros. */
  static Path disk(Path image, long size) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(size);
    }
    return image;
  }
}
