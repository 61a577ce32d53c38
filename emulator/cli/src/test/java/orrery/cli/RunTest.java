package orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code orrery run} from outside, with pipes. */
final class RunTest {
  @TempDir Path temporary;

  @Test
  void debiansBusyboxDoesRealWork() throws Exception {
    Launched.Result result =
        Launched.orrery(
            "run",
            "--",
            "busybox",
            "sh",
            "-c",
            "uname -m; seq 1 100000 | sha256sum; ls / | sort | head -3; exit 7");
    assertEquals(
        "aarch64\n"
            + "b2bc7d3f8b652d2ec96865b68ad8f80e22cca174abe1aed7889e242a747d590f  -\n"
            + "bin\ndev\netc\n",
        result.out());
    assertEquals(7, result.status());
    assertEquals("", result.err());
  }

  @Test
  void standardInputReachesTheGuestToItsEnd() throws Exception {
    byte[] input = "0123456789abcdef".repeat(20_000).getBytes(StandardCharsets.US_ASCII);
    Launched.Result result = Launched.orrery(input, "run", "--", "wc", "-c");
    assertEquals("320000", result.out().strip());
  }

  @Test
  void everyByteComesBackUnchanged() throws Exception {
    byte[] input = new byte[256];
    for (int i = 0; i < input.length; i++) {
      input[i] = (byte) i;
    }
    Launched.Result result = Launched.orrery(input, "run", "cat");
    assertEquals(new String(input, StandardCharsets.ISO_8859_1), result.out());
  }

  @Test
  void pciBringsDriversThatCloseEverything() throws Exception {
    Launched.Result result =
        Launched.orrery(
            "run",
            "--pci",
            "--verbose",
            "--",
            "sh",
            "-c",
            "head -c 3000 /dev/hwrng | wc -c; stty -F /dev/hvc0 -opost; echo virtual >/dev/hvc0");
    assertEquals(0, result.status(), result.err());
    assertTrue(result.out().endsWith("\n3000\nvirtual\n"), result.out()); // the firmware speaks too
    assertTrue(result.err().contains("handles of drivers were closed"), result.err());
    assertFalse(result.err().contains("DMA guard"), result.err());
  }

  @Test
  void unknownGuardIsWrongUsage() throws Exception {
    Launched.Result result = Launched.orrery("run", "--dma-guard", "maybe", "--", "true");
    assertEquals(2, result.status());
    assertTrue(
        result.err().startsWith("orrery: --dma-guard is strict, log or off, not 'maybe'"),
        result.err());
  }

  @Test
  void standardErrorIsApart() throws Exception {
    Launched.Result result = Launched.orrery("run", "--", "sh", "-c", "echo out; echo err >&2");
    assertEquals("out\n", result.out());
    assertEquals("err\n", result.err());
  }

  @Test
  void aSignalIsTheStatus() throws Exception {
    assertEquals(139, Launched.orrery("run", "--", "sh", "-c", "kill -SEGV $$").status());
  }

  @Test
  void aTimeOutIs124() throws Exception {
    assertEquals(124, Launched.orrery("run", "--timeout", "1", "--", "sleep", "100").status());
  }

  @Test
  void aMissingProgramIsOneLine() throws Exception {
    Launched.Result result = Launched.orrery("run", "--", "no-such-program");
    assertEquals(127, result.status());
    assertEquals(1, result.err().lines().count(), result.err());
  }

  @Test
  void aProgramOfAnotherMachineIsOneLine() throws Exception {
    Launched.Result result = Launched.orrery("run", "--copy", "/bin/true:/bin/alien", "alien");
    assertEquals(126, result.status());
    assertTrue(result.err().contains("AArch64"), result.err());
    assertFalse(result.err().contains("\tat "), result.err());
  }

  @Test
  void aReaderThatGoesAwayEndsTheMachineQuietly() throws Exception {
    List<String> words =
        List.of("sh", "-c", String.join(" ", Launched.command()) + " run -- yes | head -n 1");
    Launched.Result result = Launched.run(new byte[0], words);
    assertEquals("y\n", result.out());
    assertEquals("", result.err());
  }

  @Test
  void aShellReadsCommandsFromAPipe() throws Exception {
    Launched.Result result =
        Launched.orrery("echo a; exit 3\n".getBytes(StandardCharsets.US_ASCII), "run");
    assertEquals("a\n", result.out());
    assertEquals(3, result.status());
  }

  @Test
  void copiesAndEnvironmentReachTheGuest() throws Exception {
    Path script = Files.writeString(temporary.resolve("script"), "echo $GREETING $1\n");
    Launched.Result result =
        Launched.orrery(
            "run",
            "--copy",
            script + ":/usr/bin/ls", // in place of a link
            "--env",
            "GREETING=hello",
            "sh",
            "/bin/ls",
            "you");
    assertEquals("hello you\n", result.out());
  }

  @Test
  void memoryIsWhatWasAskedFor() throws Exception {
    Launched.Result result =
        Launched.orrery("run", "--memory", "64M", "--", "grep", "MemTotal", "/proc/meminfo");
    int kib = Integer.parseInt(result.out().replaceAll("\\D", ""));
    assertTrue(kib > 50 << 10 && kib <= 64 << 10, result.out());
  }

  @Test
  void withoutARootTheSampleRuns() throws Exception {
    List<String> words = new ArrayList<>(Launched.command());
    words.replaceAll(word -> word.startsWith("-Dorrery.root=") ? "-Dorrery.root=none" : word);
    words.addAll(List.of("run", "--", "ls"));
    Launched.Result result = Launched.run(new byte[0], words);
    assertTrue(result.out().startsWith("Hello from an AArch64 program"), result.out());
    assertEquals(0, result.status());
    assertTrue(result.err().contains("--root DIR"), result.err());
  }

  @Test
  @Tag("slow")
  void debianProgramsRunOnTheirOwnRoot() throws Exception {
    Launched.Result root =
        Launched.run(
            new byte[0],
            List.of("test-images/root", "bash", "coreutils", "grep", "ripgrep", "python3-minimal"));
    assertEquals(0, root.status(), root.err());
    Launched.Result result =
        Launched.orrery(
            "run",
            "--root",
            root.out().strip(),
            "--",
            "bash",
            "-c",
            "rg -c root /etc/passwd;"
                + " python3 -c 'import sys,threading,hashlib; print(sys.version)'");
    assertEquals(0, result.status(), result.err());
    assertTrue(result.out().startsWith("1\n3.11."), result.out());
  }
}
