package orrery.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import orrery.unicorn.UnicornLibrary;

/** Engine libraries that are not what Orrery fetches. */
final class EngineLibraryTest {
  @TempDir Path folder;

  /** As a library of another build would: a function that the internals need is not exported. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "arm_rebuild_hflags_aarch64",
        "cpu_restore_state_aarch64",
        "arm_cpu_get_phys_page_attrs_debug_aarch64",
        "arm_cpu_exec_interrupt_aarch64"
      })
  void aLibraryThatLacksAnInternalFunctionIsUsedWithoutIt(String symbol) throws Exception {
    byte[] engine = Files.readAllBytes(UnicornLibrary.locate());
    HiddenSymbol.hide(engine, symbol);
    Path library = Files.write(folder.resolve("libunicorn.so.2"), engine);
    Launched.Result result =
        Launched.orrery(
            Map.of("ORRERY_UNICORN", library.toString()),
            "hello.".getBytes(ISO_8859_1),
            "boot",
            "--timeout",
            "60",
            "--kernel",
            BareMetal.flat(folder, "echo").toString());
    assertEquals("HELLO.", result.out(), result.err());
    assertEquals(1, result.err().lines().count(), result.err());
    assertTrue(
        result.err().startsWith("orrery: the CPU uses the engine's public interface"),
        result.err());
    assertTrue(result.err().contains(symbol), result.err());
    assertEquals(9, result.status());
  }

  @Test
  void aLibraryThatIsNotTheEngineIsToldInOneLine() throws Exception {
    Path another = Path.of(System.getProperty("java.home"), "lib", "libzip.so");
    for (Path library : List.of(another, folder.resolve("missing"))) {
      Launched.Result result =
          Launched.orrery(
              Map.of("ORRERY_UNICORN", library.toString()), new byte[0], "run", "--", "true");
      assertEquals(ExitStatus.FAILED, result.status(), result.err());
      assertEquals(1, result.err().lines().count(), result.err());
      assertTrue(
          result.err().startsWith("orrery: ") && result.err().contains(library.toString()),
          result.err());
      assertTrue(result.err().contains("set ORRERY_UNICORN to"), result.err());
    }
  }
}
