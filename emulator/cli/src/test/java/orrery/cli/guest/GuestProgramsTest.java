package orrery.cli.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Programs that check system calls, run on Linux first and then on the mini-kernel: Linux is the
 * oracle of the programs, and the programs are that of the mini-kernel.
 */
class GuestProgramsTest {
  private static final long MIB = 1 << 20;
  private static final int ORACLE_ATTEMPTS = 3;

  private static GuestMachine machine(String program) {
    return new GuestMachine()
        .file(GuestPrograms.forGuest("first"), "/bin/first")
        .file(GuestPrograms.forGuest(program), "/bin/" + program);
  }

  private static void assertPasses(GuestMachine.Outcome outcome) {
    assertEquals("", outcome.errors());
    assertEquals(0, outcome.status(), outcome.output());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "process",
        "signals",
        "threads",
        "memory",
        "events",
        "files",
        "terminal",
        "system",
        "pointers",
        "uring"
      })
  void behavesAsOnLinux(String program) {
    GuestPrograms.Outcome oracle = GuestPrograms.runOnHost(GuestPrograms.forHost(program));
    assertEquals(0, oracle.status(), "on this host's Linux: " + oracle.output());
    assertPasses(machine(program).run("/bin/first", "/bin/" + program));
  }

  /** A busy host may be late with an echo, so it has some attempts; a difference stays in all. */
  @ParameterizedTest
  @ValueSource(strings = {"1", "2", "3"})
  void keysAreEchoedAndReadAsOnLinux(String seed) {
    GuestMachine.Outcome outcome = machine("keyboard").run("/bin/first", "/bin/keyboard", seed);
    String expected = "";
    for (int i = 0; i < ORACLE_ATTEMPTS && !expected.equals(outcome.output()); i++) {
      expected = GuestPrograms.runOnHost(GuestPrograms.forHost("keyboard"), seed).output();
    }
    assertEquals(expected, outcome.output());
    assertPasses(outcome);
  }

  @Test
  void hogsAreBounded() {
    assertPasses(
        machine("bounded")
            .memory(128 * MIB)
            .limit(Duration.ofSeconds(90))
            .run("/bin/first", "/bin/bounded"));
  }

  @Test
  void randomSystemCallsDoNotHurtTheKernel() {
    fuzz(1, 5);
  }

  @Test
  @Tag("slow")
  void randomSystemCallsForAMinuteDoNotHurtTheKernel() {
    fuzz(System.nanoTime(), 60);
  }

  private static void fuzz(long seed, int seconds) {
    GuestMachine.Outcome outcome =
        machine("fuzz")
            .limit(Duration.ofSeconds(seconds + 30L))
            .run("/bin/first", "/bin/fuzz", Long.toString(seed), Integer.toString(seconds));
    assertEquals(0, outcome.status(), "seed " + seed + ": " + outcome.output());
  }

  @Test
  void aProgramThatIsNotThereIsStatus127() {
    assertEquals(127, new GuestMachine().run("/bin/none").status());
  }
}
