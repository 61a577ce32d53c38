package orrery.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Debian's own kernels on the machine: the oracle of CPU, interrupts, timers and devices. */
@Tag("slow")
final class DebianLinuxTest {
  /** Every worker packs, unpacks, copies and compares through pipes until the time is over. */
  private static final String STRESS =
      """
      end=$(($(cut -d. -f1 /proc/uptime) + 60))
      worker() {
        rounds=0
        while [ "$(cut -d. -f1 /proc/uptime)" -lt $end ]; do
          head -c $((100000 + rounds % 7 * 11111)) /dev/urandom >/tmp/data$1
          want=$(sha256sum </tmp/data$1)
          packed=$(gzip -c /tmp/data$1 | gunzip -c | sha256sum)
          piped=$(cat /tmp/data$1 | (cat | sh -c cat) | sha256sum)
          if [ "$want" != "$packed" ] || [ "$want" != "$piped" ]; then
            echo "mismatch in worker $1, round $rounds"
            exit 1
          fi
          rounds=$((rounds + 1))
        done
        echo "worker $1 did $rounds rounds"
        [ $rounds -gt 0 ]
      }
      pids=
      for i in 1 2 3 4 5 6; do
        worker $i &
        pids="$pids $!"
      done
      failed=0
      for pid in $pids; do wait $pid || failed=1; done
      dmesg | grep -iE 'BUG|Oops|WARNING|rcu.*stall|lockup' && failed=1
      exit $failed
      """;

  @TempDir Path folder;

  private static Launched.Result debian(String version, String input, String... more)
      throws Exception {
    List<String> words = new ArrayList<>(List.of("boot", "--debian", version, "--timeout", "100"));
    words.addAll(List.of(more));
    return Launched.orrery(input.getBytes(ISO_8859_1), words.toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource({
    "6.1,1,ttyAMA0", "6.1,2,ttyAMA0", "6.1,4,ttyAMA0",
    "6.1,1,hvc0", "6.1,2,hvc0", "6.1,4,hvc0",
    "6.12,2,ttyAMA0", "7.2,2,hvc0"
  })
  void reachesAShellAndPowersOff(String version, String cpus, String console) throws Exception {
    Launched.Result result =
        debian(
            version,
            "uname -m; nproc; tty; grep -c '^processor' /proc/cpuinfo\n",
            "--cpus",
            cpus,
            "--console",
            console,
            "--append",
            "quiet loglevel=0");
    assertEquals("", result.complaints());
    assertEquals("aarch64\n" + cpus + "\n/dev/" + console + "\n" + cpus + "\n", result.out());
    assertEquals(0, result.status());
  }

  @Test
  void theShellsStatusIsTheExitStatus() throws Exception {
    assertEquals(7, debian("6.1", "exit 7\n").status());
  }

  @Test
  void aPanicEndsWithAFailureInsteadOfAHang() throws Exception {
    Launched.Result result = debian("6.1", "", "--append", "rdinit=/none panic=-1", "--no-reboot");
    assertEquals(ExitStatus.FAILED, result.status(), result.err());
    assertTrue(result.out().contains("Kernel panic"), result.out());
  }

  @Test
  void aTimeOutTellsWhatTheCpusWereDoing() throws Exception {
    Launched.Result result =
        Launched.orrery(
            "sleep 1000\n".getBytes(ISO_8859_1), "boot", "--cpus", "2", "--timeout", "15");
    assertEquals(ExitStatus.TIMEOUT, result.status());
    assertTrue(result.err().contains("CPU 0: "), result.err());
    assertTrue(result.err().contains("CPU 1: "), result.err());
  }

  @Test
  void fourCpusComputeForAMinuteWithoutAMistake() throws Exception {
    Path script = Files.writeString(folder.resolve("stress"), STRESS);
    Path images = Launched.project().resolve("test-images/linux");
    String initrd = print(images.resolve("initramfs").toString(), "--script", script.toString());
    Launched.Result result =
        debian("6.1", "", "--initrd", initrd, "--cpus", "4", "--append", "quiet");
    assertEquals(0, result.status(), result.out() + result.err());
    assertFalse(result.out().contains("mismatch"), result.out());
    assertTrue(result.out().contains("worker 6 did "), result.out());
  }

  /**
   * Linux finds the functions, resets one, takes it away and finds it again; its own drivers read
   * the entropy source and fill the console. What it complains about is an error of ours.
   */
  @Test
  void drivesThePciDevicesThroughResetRemovalAndRescan() throws Exception {
    Launched.Result result =
        debian(
            "6.1",
            """
            cd /sys/bus/pci/devices
            for d in *; do
              [ -e $d/driver ] && echo $(cat $d/vendor $d/device) $(ls $d/msi_irqs | wc -l)
            done
            rng=$(dirname $(grep -l 0x1044 */device))
            cat /sys/class/misc/hw_random/rng_current
            echo 1 >$rng/reset && echo reset
            echo $rng >/sys/bus/pci/drivers/virtio-pci/unbind
            echo 1 >$rng/remove
            [ -e $rng ] || echo removed
            echo 1 >/sys/bus/pci/rescan
            head -c 100000 /dev/hwrng | wc -c
            seq 1 20000
            dmesg | grep -E 'BUG:|Oops|WARNING:|BAR.*(fail|no space)' && exit 1
            exit 0
            """,
            "--cpus",
            "2",
            "--console",
            "hvc0",
            "--append",
            "quiet loglevel=0");
    StringBuilder lines = new StringBuilder();
    for (int i = 1; i <= 20_000; i++) {
      lines.append(i).append('\n');
    }
    String out = result.out();
    assertEquals("", result.complaints());
    assertTrue(out.contains("0x1af4 0x1044 2\n"), out);
    assertTrue(out.contains("0x1af4 0x1043 "), out);
    assertTrue(out.endsWith("virtio_rng.0\nreset\nremoved\n100000\n" + lines), out);
    assertEquals(0, result.status(), out);
  }

  @Test
  void initialFileSystemsHavePackagesModulesAndDeviceNodes() throws Exception {
    Path images = Launched.project().resolve("test-images/linux");
    String command = "nvme version; grep -c nvme_core /proc/modules; ls -l /dev/console; exit 6";
    String initrd =
        print(
            images.resolve("initramfs").toString(),
            "--gzip",
            "--module",
            "nvme",
            "--module",
            "ext4",
            "--run",
            command,
            "nvme-cli");
    Launched.Result result = debian("6.1", "", "--initrd", initrd);
    assertTrue(result.out().contains("nvme version"), result.out() + result.err());
    assertEquals(6, result.status(), result.out());
  }

  private static String print(String... command) throws Exception {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output.strip();
  }
}
