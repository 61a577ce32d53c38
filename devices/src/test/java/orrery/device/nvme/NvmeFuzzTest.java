package orrery.device.nvme;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Hostile hosts: the controller neither throws nor hangs nor writes memory that it was not lent. A
 * failure names the program. {@code devices/fuzz} looks for more, guided by the code that they
 * reach; those that are random here are not.
 */
class NvmeFuzzTest {
  private static final int LENGTH = 600;
  private static final int PROGRAMS = 300;
  private static final Path PROGRAMS_KEPT =
      Path.of("src/test/resources/orrery/device/nvme/programs");
  private static final long MINUTE = 60_000_000_000L;

  private static void run(byte[] program) {
    try {
      new FuzzProgram(program).run();
    } catch (RuntimeException | Error e) {
      throw new AssertionError("program " + HexFormat.of().formatHex(program), e);
    }
  }

  private static byte[] random(Random random) {
    byte[] program = new byte[1 + random.nextInt(LENGTH)];
    random.nextBytes(program);
    return program;
  }

  /**
   * What {@code devices/fuzz} has found worth keeping: together they reach most of the controller.
   */
  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void keptProgramsDoNoHarm() throws IOException {
    try (Stream<Path> files = Files.list(PROGRAMS_KEPT)) {
      List<Path> programs = files.sorted().toList();
      assertFalse(programs.isEmpty());
      for (Path program : programs) {
        run(Files.readAllBytes(program));
      }
    }
  }

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void hostileProgramsDoNoHarm() {
    Random random = new Random(1);
    for (int i = 0; i < PROGRAMS; i++) {
      run(random(random));
    }
  }

  @Test
  @Tag("slow")
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void freshHostileProgramsDoNoHarm() {
    Random random = new Random();
    long begin = System.nanoTime();
    while (System.nanoTime() - begin < MINUTE) {
      run(random(random));
    }
  }
}
