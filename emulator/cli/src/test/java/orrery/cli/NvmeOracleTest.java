package orrery.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Debian's Linux with nvme-cli, fio and e2fsprogs drives the NVMe controller and judges it. */
@Tag("slow")
final class NvmeOracleTest {
  private static final String SCRIPT = "src/test/resources/orrery/cli/nvme-oracle.sh";

  /** Where ext4 has its magic number (Documentation/filesystems/ext4/super.rst). */
  private static final long EXT4_MAGIC_AT = 1024 + 0x38;

  private static final int EXT4_MAGIC = 0x53ef;

  @TempDir Path folder;

  private Path image(String name, long size) throws Exception {
    Path image = folder.resolve(name);
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(size);
    }
    return image;
  }

  private static String print(String... command) throws Exception {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output.strip();
  }

  @Test
  void linuxFindsNothingWrong() throws Exception {
    Path first = image("first.img", 64 << 20);
    Path second = image("second.img", 32 << 20);
    Path project = Launched.project();
    String initrd =
        print(
            project.resolve("test-images/linux/initramfs").toString(),
            "--module",
            "nvme",
            "--module",
            "ext4",
            "--script",
            project.resolve("emulator/cli").resolve(SCRIPT).toString(),
            "nvme-cli",
            "fio",
            "e2fsprogs",
            "util-linux");
    Launched.Result result =
        Launched.orrery(
            "boot",
            "--debian",
            "6.1",
            "--initrd",
            initrd,
            "--cpus",
            "4",
            "--memory",
            "1G",
            "--timeout",
            "115",
            "--drive",
            first + ",serial=A",
            "--drive",
            second + ",serial=A");
    assertEquals(0, result.status(), result.out() + result.err());
    assertTrue(result.out().contains("all well"), result.out());
    try (RandomAccessFile file = new RandomAccessFile(first.toFile(), "r")) {
      file.seek(EXT4_MAGIC_AT);
      assertEquals(EXT4_MAGIC, file.readUnsignedShort(), "the file system is on the host's file");
    }
    String record = Files.readString(folder.resolve("first.img.nvme"));
    assertTrue(record.contains("shut-down=yes"), record);
    assertTrue(record.contains("format.2=1"), record);
  }
}
