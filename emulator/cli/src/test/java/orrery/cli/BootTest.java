package orrery.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code orrery boot} of bare-metal programs and of what is no kernel, from outside. */
final class BootTest {
  private static final Pattern FUZZED = Pattern.compile("fuzz: (\\d+) accesses, (\\d+) aborts");

  @TempDir Path folder;

  private static Launched.Result boot(Path kernel, String... more) throws Exception {
    return boot("", kernel, more);
  }

  private static Launched.Result boot(String input, Path kernel, String... more) throws Exception {
    List<String> words = new ArrayList<>(List.of("boot", "--kernel", kernel.toString()));
    words.addAll(List.of(more));
    return Launched.orrery(input.getBytes(ISO_8859_1), words.toArray(String[]::new));
  }

  private static void assertOneLine(int status, String part, Launched.Result result) {
    assertEquals(status, result.status(), result.err());
    assertEquals(1, result.err().lines().count(), result.err());
    assertTrue(result.err().contains(part), result.err());
  }

  @Test
  void aFlatBinaryTalksAndEndsWithItsStatus() throws Exception {
    Launched.Result result = boot("hello.", BareMetal.flat(folder, "echo"), "--timeout", "60");
    assertEquals("", result.err());
    assertEquals("HELLO.", result.out());
    assertEquals(9, result.status());
  }

  @Test
  void aLoopWithInterruptsOffIsEndedByTheTimeoutWithItsState() throws Exception {
    Launched.Result result = boot(BareMetal.elf(folder, "spin"), "--timeout", "1");
    assertEquals(ExitStatus.TIMEOUT, result.status(), result.err());
    assertTrue(result.err().contains("--timeout"), result.err());
    assertTrue(result.err().contains("PC 0x4008"), result.err());
    assertTrue(result.err().contains("(main"), "the symbol: " + result.err());
    assertFalse(result.err().contains("\tat "), result.err());
  }

  @Test
  void aGuestThatResetsStartsAnew() throws Exception {
    Path kernel = BareMetal.elf(folder, "reset");
    Launched.Result result = boot(kernel, "--timeout", "3");
    assertEquals(ExitStatus.TIMEOUT, result.status(), result.err());
    assertTrue(result.out().startsWith("up\nup\n"), result.out());
    assertOneLine(ExitStatus.FAILED, "reset", boot(kernel, "--no-reboot"));
  }

  @Test
  void aJumpIntoNowhereIsToldByTheFirmware() throws Exception {
    // mov x0, #0xdead0000; br x0
    Launched.Result result = boot(BareMetal.code(folder, 0xd2bbd5a0, 0xd61f0000));
    assertEquals(ExitStatus.FAILED, result.status(), result.err());
    assertTrue(result.out().contains("unexpected exception"), result.out());
    assertTrue(result.out().contains("0xdead0000"), result.out());
  }

  @Test
  void aJumpIntoNowhereWithVectorsInNowhereIsADeadEnd() throws Exception {
    // mov x0, #0xdead0000; msr vbar_el1, x0; isb; br x0
    Launched.Result result =
        boot(
            BareMetal.code(folder, 0xd2bbd5a0, 0xd518c000, 0xd5033fdf, 0xd61f0000),
            "--timeout",
            "60");
    assertEquals(ExitStatus.FAILED, result.status(), result.err());
    assertTrue(result.err().contains("cannot go on"), result.err());
    assertTrue(result.err().contains("VBAR 0xdead0000"), result.err());
    assertFalse(result.err().contains("\tat "), result.err());
  }

  @Test
  void randomAccessesToEveryDeviceDoNotHurtTheMachine() throws Exception {
    fuzz(2);
  }

  @Test
  @Tag("slow")
  void randomAccessesToEveryDeviceForAMinuteDoNotHurtTheMachine() throws Exception {
    fuzz(60);
  }

  private void fuzz(int seconds) throws Exception {
    Launched.Result result =
        boot(BareMetal.flat(folder, "fuzz"), "--append", "fuzz-seconds=" + seconds);
    assertEquals("", result.err());
    assertEquals(0, result.status(), result.out());
    Matcher matcher = FUZZED.matcher(result.out());
    assertTrue(matcher.find(), result.out());
    assertTrue(Long.parseLong(matcher.group(1)) > 1000, matcher.group());
    assertTrue(Long.parseLong(matcher.group(2)) > 100, matcher.group());
  }

  @Test
  void saysWhatIsWrongWithAFileThatIsNoKernel() throws Exception {
    byte[] elf = new byte[64];
    elf[0] = 0x7f;
    elf[1] = 'E';
    elf[2] = 'L';
    elf[3] = 'F';
    elf[4] = 2;
    elf[5] = 1;
    elf[18] = 62; // x86-64
    assertOneLine(
        ExitStatus.FAILED, "another processor", boot(BareMetal.file(folder, "vmlinux", elf)));
    assertOneLine(ExitStatus.FAILED, "empty", boot(BareMetal.file(folder, "empty", new byte[0])));
    byte[] script = "#!/bin/sh\n".getBytes(ISO_8859_1);
    assertOneLine(ExitStatus.FAILED, "script", boot(BareMetal.file(folder, "script", script)));
  }

  @Test
  void saysThatAnInitrdDoesNotFit() throws Exception {
    Path initrd = BareMetal.file(folder, "initrd", new byte[20 << 20]);
    Path kernel = BareMetal.code(folder, 0x14000000);
    assertOneLine(
        ExitStatus.FAILED,
        "--memory",
        boot(kernel, "--initrd", initrd.toString(), "--memory", "16M"));
  }

  @Test
  void wrongOptionsAreOneLine() throws Exception {
    Path kernel = BareMetal.code(folder, 0x14000000);
    assertOneLine(ExitStatus.USAGE, "there is no", boot(folder.resolve("none")));
    assertOneLine(ExitStatus.USAGE, "folder", boot(folder));
    assertOneLine(ExitStatus.USAGE, "1 to 8", boot(kernel, "--cpus", "9"));
    assertOneLine(ExitStatus.USAGE, "ttyAMA0, hvc0", boot(kernel, "--console", "ttyS0"));
    assertOneLine(ExitStatus.USAGE, "choose one", boot(kernel, "--debian"));
    assertOneLine(ExitStatus.USAGE, "6.12", Launched.orrery("boot", "--debian", "5.10"));
  }
}
