package orrery.cli.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import orrery.device.virtio.VirtioConsoleProvider;
import orrery.machine.MachineBuilder;
import orrery.machine.dma.GuardMode;

/** Drivers of the mini-kernel at work on the device models, with a strict DMA guard. */
class DriversTest {
  private final List<String> violations = new ArrayList<>();

  private void pci(MachineBuilder builder) {
    builder.pci(true).dmaGuard(GuardMode.STRICT, violations::add);
  }

  private GuestMachine machine() {
    return new GuestMachine().file(GuestPrograms.forGuest("devices"), "/bin/devices");
  }

  private void assertRan(String output, GuestMachine.Outcome outcome) {
    assertEquals(0, outcome.status(), outcome.output() + outcome.errors());
    assertEquals(output, outcome.output());
    assertEquals(List.of(), violations);
  }

  @Test
  void entropySourceFillsReads() {
    // 10000 random bytes lack one value of 256 once in 10^14 runs.
    assertRan(
        "10000 bytes, 256 kinds\n",
        machine().with(this::pci).run("/bin/devices", "read", "/dev/hwrng", "10000"));
  }

  @Test
  void consoleIsATerminal() {
    CapturedLine line = new CapturedLine("hello\r");
    assertRan(
        "6 bytes, a terminal\n",
        machine()
            .with(this::pci)
            .with(builder -> builder.backend(VirtioConsoleProvider.CONSOLE, line))
            .run("/bin/devices", "echo", "/dev/hvc0"));
    assertTrue(line.output().endsWith("hello\r\nhello\r\n"), line.output());
  }

  @Test
  void consoleSendsMoreThanItsBuffersHold() {
    CapturedLine line = new CapturedLine("");
    assertRan(
        "",
        machine()
            .with(this::pci)
            .with(builder -> builder.backend(VirtioConsoleProvider.CONSOLE, line))
            .run("/bin/devices", "fill", "/dev/hvc0", "50000"));
    assertEquals("x".repeat(50000), line.output());
  }

  @Test
  void sampleDriverWaitsForItsInterrupt() {
    assertRan(
        "1000\n",
        machine()
            .with(builder -> builder.devices(CounterModel.besideTheOthers()))
            .run("/bin/devices", "number", "/dev/counter"));
  }
}
