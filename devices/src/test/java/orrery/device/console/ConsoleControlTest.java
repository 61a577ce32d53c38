package orrery.device.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static orrery.device.console.ConsoleControlRegisters.*;

import org.junit.jupiter.api.Test;
import orrery.device.TestLine;

class ConsoleControlTest {
  private final HostConsole console = new HostConsole();
  private final TestLine interrupt = new TestLine();

  private ConsoleControl device() {
    return new ConsoleControl(console, interrupt);
  }

  @Test
  void tellsTheSizeItStartsWithWithoutAnInterrupt() {
    console.resize(80, 24);
    ConsoleControl device = device();
    assertEquals(80, device.read(COLUMNS, 4));
    assertEquals(24, device.read(ROWS, 4));
    assertEquals(0, device.read(STATUS, 4));
    assertFalse(interrupt.asserted());
  }

  @Test
  void interruptsUntilAChangeOfSizeIsCleared() {
    ConsoleControl device = device();
    console.resize(132, 50);
    assertTrue(interrupt.asserted());
    assertEquals(STATUS_SIZE_CHANGED, device.read(STATUS, 4));
    assertEquals(132, device.read(COLUMNS, 4));
    device.write(STATUS, 4, STATUS_SIZE_CHANGED);
    assertFalse(interrupt.asserted());
    assertEquals(0, device.read(STATUS, 4));
    console.resize(132, 50);
    assertFalse(interrupt.asserted(), "it is the same size");
  }

  @Test
  void interruptsUntilTheEndOfInputIsAcknowledgedAndKeepsTellingIt() {
    ConsoleControl device = device();
    device.write(ACKNOWLEDGE, 4, STATUS_INPUT_ENDED);
    console.endInput();
    assertTrue(interrupt.asserted(), "acknowledging it before does not count");
    device.write(STATUS, 4, -1);
    assertTrue(interrupt.asserted());
    device.write(ACKNOWLEDGE, 4, STATUS_INPUT_ENDED);
    assertFalse(interrupt.asserted());
    assertEquals(STATUS_INPUT_ENDED, device.read(STATUS, 4));
    console.endInput();
    assertFalse(interrupt.asserted());
  }

  @Test
  void seesAnInputThatEndedBeforeTheMachineWasBuilt() {
    console.endInput();
    device();
    assertTrue(interrupt.asserted());
  }
}
