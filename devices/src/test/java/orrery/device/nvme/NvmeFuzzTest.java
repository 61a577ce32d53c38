package orrery.device.nvme;

import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Hostile hosts: the controller neither throws nor hangs nor writes memory that it was not lent. A
 * failure names the program. Chosen by seed, blind to what code they reach.
 */
class NvmeFuzzTest {
  private static final int LENGTH = 600;
  private static final int PROGRAMS = 300;
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
