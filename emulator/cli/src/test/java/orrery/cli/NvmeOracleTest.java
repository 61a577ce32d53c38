package orrery.cli;

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
  /** Where ext4 has its magic number (Documentation/filesystems/ext4/super.rst). */
  private static final long EXT4_MAGIC_AT = 1024 + 0x38;

  private static final int EXT4_MAGIC = 0x53ef;

  @TempDir Path folder;

  @Test
  void linuxFindsNothingWrong() throws Exception {
    Path first = LinuxImages.disk(folder.resolve("first.img"), 64 << 20);
    Path second = LinuxImages.disk(folder.resolve("second.img"), 32 << 20);
    String initrd =
        LinuxImages.initramfs("nvme-oracle.sh", "nvme-cli", "fio", "e2fsprogs", "util-linux");
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
