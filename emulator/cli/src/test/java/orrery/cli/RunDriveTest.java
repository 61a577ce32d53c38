package orrery.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code orrery run --drive} from outside: the image is the guest's disk. */
final class RunDriveTest {
  private static final int SIZE = 24 << 20;
  private static final int BLOCK = 4096;

  @TempDir Path folder;

  private Path image() throws Exception {
    byte[] content = new byte[SIZE];
    new Random(3).nextBytes(content);
    return Files.write(folder.resolve("disk.img"), content);
  }

  private static Launched.Result busybox(String drive, String script) throws Exception {
    return Launched.orrery("run", "--drive", drive, "--", "busybox", "sh", "-c", script);
  }

  private static String sum(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  @Test
  void guestReadsTheWholeImage() throws Exception {
    Path image = image();
    Launched.Result result =
        busybox(image.toString(), "dd if=/dev/nvme0n1 bs=1M 2>/dev/null | sha256sum");
    assertEquals(sum(Files.readAllBytes(image)) + "  -\n", result.out(), result.err());
    assertEquals(0, result.status());
  }

  @Test
  void whatTheGuestWritesIsInTheImage() throws Exception {
    Path image = image();
    byte[] expected = Files.readAllBytes(image);
    Arrays.fill(expected, 5 * BLOCK, 8 * BLOCK, (byte) 'y');
    Launched.Result result =
        busybox(
            image.toString(),
            "yes | tr -d '\\n' | dd of=/dev/nvme0n1 bs=4k seek=5 count=3 conv=notrunc"
                + " iflag=fullblock 2>/dev/null; sync; dd if=/dev/nvme0n1 bs=1M 2>/dev/null"
                + " | sha256sum");
    assertEquals(sum(expected) + "  -\n", result.out(), result.err());
    assertArrayEquals(expected, Files.readAllBytes(image));
  }

  @Test
  void overlayLeavesTheImageAlone() throws Exception {
    Path image = image();
    byte[] before = Files.readAllBytes(image);
    Launched.Result result =
        busybox(
            image + ",overlay",
            "echo hello | dd of=/dev/nvme0n1 conv=sync,notrunc 2>/dev/null; sync;"
                + " head -c 5 /dev/nvme0n1");
    assertEquals("hello", result.out(), result.err());
    assertArrayEquals(before, Files.readAllBytes(image));
  }

  @Test
  void readErrorReachesTheProgram() throws Exception {
    Path faults = folder.resolve("faults.toml");
    String plan = "[[nvme]]\ncommand = 'read'\nlba = 2048\nstatus = 'read-error'\n";
    Files.writeString(faults, plan, StandardCharsets.US_ASCII);
    Launched.Result result =
        Launched.orrery(
            "run",
            "--drive",
            image().toString(),
            "--faults",
            faults.toString(),
            "--",
            "busybox",
            "sh",
            "-c",
            "dd if=/dev/nvme0n1 of=/dev/null bs=4k skip=256 count=1");
    assertEquals(1, result.status());
    assertTrue(result.err().contains("dd: /dev/nvme0n1: "), result.err());
  }
}
