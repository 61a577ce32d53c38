package orrery.machine.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import orrery.machine.MachineException;
import orrery.machine.Ram;
import orrery.machine.clock.MachineClock;
import orrery.unicorn.InternalsUnavailableException;
import orrery.unicorn.UnicornException;

/** Which way the CPU takes into the engine. */
class CpuChoiceTest {
  private static final Supplier<EngineAccess> MISSING_SYMBOL =
      () -> {
        throw new InternalsUnavailableException("the library does not export cpu_exit");
      };
  private static final Supplier<EngineAccess> NOT_WANTED =
      () -> {
        throw new AssertionError("opened");
      };

  private final List<String> notices = new ArrayList<>();

  @Test
  void aMissingSymbolChoosesThePublicInterfaceAndSaysSo() {
    assertSame(null, CpuChoice.AUTOMATIC.open(MISSING_SYMBOL, () -> null, notices::add));
    assertEquals(1, notices.size());
    assertTrue(notices.getFirst().contains("does not export cpu_exit"), notices.getFirst());
  }

  @Test
  void whereInternalsAreDemandedAMissingSymbolEndsTheMachine() {
    MachineException failure =
        assertThrows(
            MachineException.class,
            () -> CpuChoice.INTERNALS.open(MISSING_SYMBOL, NOT_WANTED, notices::add));
    assertEquals("the library does not export cpu_exit", failure.getMessage());
    assertEquals(List.of(), notices);
  }

  @Test
  void internalsThatWorkAreUsedInSilence() {
    assertSame(null, CpuChoice.AUTOMATIC.open(() -> null, NOT_WANTED, notices::add));
    assertEquals(List.of(), notices);
  }

  @Test
  void thePublicInterfaceCanBeDemanded() {
    assertSame(null, CpuChoice.PUBLIC.open(NOT_WANTED, () -> null, notices::add));
    assertEquals(1, notices.size());
  }

  @Test
  void otherFailuresAreNotTakenForMissingInternals() {
    Supplier<EngineAccess> noLibrary =
        () -> {
          throw new UnicornException("no Unicorn library", null);
        };
    assertThrows(
        UnicornException.class,
        () -> CpuChoice.AUTOMATIC.open(noLibrary, NOT_WANTED, notices::add));
  }

  @Test
  void theEnvironmentsWordsAreFew() {
    assertSame(CpuChoice.AUTOMATIC, CpuChoice.of(null));
    assertSame(CpuChoice.AUTOMATIC, CpuChoice.of(""));
    assertSame(CpuChoice.PUBLIC, CpuChoice.of("public"));
    assertSame(CpuChoice.INTERNALS, CpuChoice.of("internals"));
    assertThrows(MachineException.class, () -> CpuChoice.of("PUBLIC "));
  }

  @Test
  void severalCpusNeedInternals() {
    try (Ram ram = new Ram(0x4000_0000L, 1 << 20)) {
      var memory = List.of(new GuestMemory(ram.base(), ram.segment(), true));
      assertThrows(
          MachineException.class,
          () ->
              new Vcpu(
                  memory,
                  new GuestKernelTest.Device(),
                  new MachineClock(),
                  2,
                  CpuChoice.PUBLIC,
                  notices::add));
    }
  }
}
