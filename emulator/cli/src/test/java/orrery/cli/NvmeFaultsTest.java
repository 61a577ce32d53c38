package orrery.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Debian's Linux on a controller with faults: it recovers, and loses nothing that it was promised.
 */
@Tag("slow")
final class NvmeFaultsTest {
  private static final int BLOCK = 4096;
  private static final int BLOCKS = 4096;
  private static final int CUTS = 3;
  private static final Pattern SYNCED = Pattern.compile("(?m)^synced \\d+\\r?$");

  private static final String PLAN =
      """
      seed = %d
      [[nvme]]
      command = "%s"
      nth = %d
      fault = "power-cut"
      """;

  @TempDir Path folder;

  private static Launched.Result boot(String initrd, String append, Path disk, Path faults)
      throws Exception {
    List<String> words =
        new ArrayList<>(List.of("boot", "--debian", "6.1", "--initrd", initrd, "--cpus", "2"));
    words.addAll(List.of("--memory", "1G", "--no-reboot"));
    words.addAll(List.of("--timeout", "110", "--append", append, "--drive", disk.toString()));
    if (faults != null) {
      words.addAll(List.of("--faults", faults.toString()));
    }
    return Launched.orrery(words.toArray(String[]::new));
  }

  /** Linux's ladder: it aborts, and if that does not help it resets the controller. */
  @Test
  void linuxRecoversFromTimeouts() throws Exception {
    Path disk = LinuxImages.disk(folder.resolve("disk.img"), (long) BLOCK * BLOCKS);
    try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
      for (int block : new int[] {100, 128, 384, 512, 640, 768, 896, 900, 901}) {
        file.seek((long) block * BLOCK);
        String text = ("block " + block + "\n").repeat(BLOCK / 8);
        file.write(text.getBytes(US_ASCII), 0, BLOCK);
      }
    }
    Launched.Result result =
        boot(
            LinuxImages.initramfs("nvme-timeouts.sh", "nvme-cli", "fio", "util-linux"),
            "quiet panic=-1 nvme_core.io_timeout=2 nvme_core.admin_timeout=2",
            disk,
            LinuxImages.resource("nvme-timeouts-faults.toml"));
    assertEquals(0, result.status(), result.out() + result.err());
    assertTrue(result.out().contains("all well"), result.out());
  }

  /**
   * The power goes several times in the middle of work; what was synced is always there after it.
   */
  @Test
  void ext4SurvivesPowerCuts() throws Exception {
    Path disk = LinuxImages.disk(folder.resolve("disk.img"), 48 << 20);
    String initrd = LinuxImages.initramfs("nvme-power-cut.sh", "e2fsprogs", "util-linux");
    Random random = new Random(20);
    StringJoiner synced = new StringJoiner(" ");
    for (int round = 0; round < CUTS; round++) {
      String request = round % 2 == 0 ? "write" : "flush";
      int occurrence = (request.equals("flush") ? 30 : 300) + random.nextInt(100);
      String plan = PLAN.formatted(round, request, occurrence);
      Path faults = Files.writeString(folder.resolve("faults.toml"), plan);
      Launched.Result result = boot(initrd, environment(round, synced), disk, faults);
      String told = plan + result.out() + result.err();
      assertEquals(ExitStatus.FAILED, result.status(), told);
      assertTrue(result.err().contains("the power was cut"), told);
      long count = SYNCED.matcher(result.out()).results().count();
      assertTrue(count > 0, told);
      synced.add(Long.toString(count));
    }
    Launched.Result result = boot(initrd, environment(CUTS, synced) + " LAST=1", disk, null);
    assertEquals(0, result.status(), synced + "\n" + result.out() + result.err());
    assertTrue(result.out().contains("checked " + synced), result.out());
  }

  private static String environment(int round, StringJoiner synced) {
    return "quiet panic=-1 ROUND=" + round + " SYNCED=\"" + synced + "\"";
  }
}
