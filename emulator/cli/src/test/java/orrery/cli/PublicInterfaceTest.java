package orrery.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Guest kernels by the engine's public interface only. */
final class PublicInterfaceTest {
  private static final Map<String, String> PUBLIC = Map.of("ORRERY_CPU", "public");

  @Tag("slow")
  @Test
  void debiansKernelReachesAShellAndPowersOff() throws Exception {
    Launched.Result result =
        Launched.orrery(
            PUBLIC,
            "uname -m; nproc; exit 7\n".getBytes(ISO_8859_1),
            "boot",
            "--timeout",
            "110",
            "--append",
            "quiet loglevel=0");
    assertEquals("aarch64\n1\n", result.out(), result.err());
    assertEquals(1, result.complaints().lines().count(), result.err());
    assertTrue(
        result.complaints().startsWith("orrery: the CPU uses the engine's public interface"));
    assertEquals(7, result.status());
  }

  @Test
  void theHostedKernelNeedsTheInternals() throws Exception {
    Launched.Result result = Launched.orrery(PUBLIC, new byte[0], "run", "true");
    assertEquals(ExitStatus.FAILED, result.status());
    assertTrue(result.err().contains("runs guest kernels only"), result.err());
  }

  @Test
  void anUnknownWayIsRefusedInOneLine() throws Exception {
    Launched.Result result =
        Launched.orrery(Map.of("ORRERY_CPU", "fast"), new byte[0], "run", "true");
    assertEquals(ExitStatus.FAILED, result.status());
    assertEquals("orrery: ORRERY_CPU must be internals or public, not fast\n", result.err());
  }
}
