package orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Debian's Linux follows what happens to its drives: by the controller's events, and by resets. */
@Tag("slow")
final class NvmeEventsTest {
  @TempDir Path folder;

  @Test
  void linuxFollowsItsDrives() throws Exception {
    Path first = LinuxImages.disk(folder.resolve("first.img"), 16 << 20);
    Path second = LinuxImages.disk(folder.resolve("second.img"), 8 << 20);
    Launched.Result result =
        Launched.orrery(
            "boot",
            "--debian",
            "6.1",
            "--initrd",
            LinuxImages.initramfs("nvme-events.sh", "nvme-cli"),
            "--append",
            "quiet panic=-1 iomem=relaxed",
            "--memory",
            "1G",
            "--timeout",
            "110",
            "--faults",
            LinuxImages.resource("nvme-events-faults.toml").toString(),
            "--drive",
            first + ",serial=A",
            "--drive",
            second + ",serial=A");
    assertEquals(0, result.status(), result.out() + result.err());
    assertTrue(result.out().contains("all well"), result.out());
  }
}
