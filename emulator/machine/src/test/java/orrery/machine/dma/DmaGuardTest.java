package orrery.machine.dma;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import orrery.machine.Ram;

class DmaGuardTest {
  private static final long BASE = 0x4000_0000;
  private static final int SIZE = 1 << 16;

  /** Bus 0, device 2, function 1. */
  private static final int REQUESTER = 2 << 3 | 1;

  private final Ram ram = new Ram(BASE, SIZE);
  private final List<String> lines = new ArrayList<>();

  private DmaGuard guard(GuardMode mode) {
    return new DmaGuard(mode, lines::add);
  }

  private DmaPort port(DmaGuard guard) {
    DmaMemory memory = new DmaMemory(ram, (at, length) -> {}, (at, data) -> at == 0x100, guard);
    DmaPort port = new DmaPort(memory, REQUESTER);
    port.enable(true);
    return port;
  }

  @AfterEach
  void free() {
    ram.close();
  }

  @Test
  void strictGuardRefusesWhatWasNeverLent() {
    DmaGuard guard = guard(GuardMode.STRICT);
    DmaPort port = port(guard);
    assertThrows(DmaFault.class, () -> port.readLong(BASE + 0x80));
    assertEquals(1, port.refused());
    assertEquals(1, guard.violations());
    assertEquals(
        List.of(
            "DMA guard: PCI device 00:02.1 was refused to read 8 bytes at 0x40000080: memory of the"
                + " kernel or a program, never lent to a device"),
        lines);
  }

  @Test
  void guardOfBoundsReportsOnlyWhatReachesNoMemory() {
    DmaGuard guard = guard(GuardMode.BOUNDS);
    DmaPort port = port(guard);
    port.writeLong(BASE + 0x80, 1);
    assertEquals(1, port.readLong(BASE + 0x80));
    assertEquals(List.of(), lines);
    assertThrows(DmaFault.class, () -> port.writeLong(BASE + SIZE - 4, 1));
    port.enable(false);
    assertThrows(DmaFault.class, () -> port.readInt(BASE));
    port.message(0x100, 1);
    assertEquals(
        List.of(
            "DMA guard: PCI device 00:02.1 was refused to write 8 bytes at 0x4000fffc: there is no"
                + " memory",
            "DMA guard: PCI device 00:02.1 was refused to read 4 bytes at 0x40000000: the device"
                + " may not master the bus",
            "DMA guard: PCI device 00:02.1 was refused to write 4 bytes at 0x100: the device may"
                + " not master the bus"),
        lines);
    assertEquals(3, port.refused());
    assertEquals(3, guard.violations());
  }

  @Test
  void guardThatIsOffSaysNothing() {
    DmaPort port = port(guard(GuardMode.OFF));
    assertThrows(DmaFault.class, () -> port.readInt(0));
    assertEquals(1, port.refused());
    assertEquals(List.of(), lines);
  }

  @Test
  void memoryIsReachedOnlyWhileItsWindowIsOpen() {
    DmaGuard guard = guard(GuardMode.STRICT);
    DmaPort port = port(guard);
    DmaWindow window = guard.windows(REQUESTER).define(BASE + 64, 64, true, true, "a buffer");
    assertThrows(DmaFault.class, () -> port.writeInt(BASE + 64, 1));
    window.open();
    port.writeInt(BASE + 64, 1);
    port.writeInt(BASE + 124, 2);
    window.close();
    assertThrows(DmaFault.class, () -> port.readInt(BASE + 64));
    assertTrue(lines.getLast().endsWith("memory of a buffer, not lent now"), lines::toString);
  }

  @Test
  void transferBeyondTheWindowIsRefusedBeforeAByteHasMoved() {
    DmaGuard guard = guard(GuardMode.STRICT);
    DmaPort port = port(guard);
    guard.windows(REQUESTER).define(BASE, 100, true, true, "a buffer").open();
    assertThrows(DmaFault.class, () -> port.write(BASE, new byte[101], 0, 101));
    assertThrows(DmaFault.class, () -> port.fill(BASE + 99, 2, (byte) 7));
    assertEquals(0, ram.segment().get(java.lang.foreign.ValueLayout.JAVA_BYTE, 99));
    port.fill(BASE, 100, (byte) 7);
  }

  @Test
  void adjacentWindowsServeOneTransfer() {
    DmaGuard guard = guard(GuardMode.STRICT);
    DmaPort port = port(guard);
    DmaWindows windows = guard.windows(REQUESTER);
    windows.define(BASE + 100, 50, true, true, "b").open();
    windows.define(BASE, 100, true, true, "a").open();
    port.write(BASE + 10, new byte[140], 0, 140);
    assertThrows(DmaFault.class, () -> port.write(BASE + 10, new byte[141], 0, 141));
  }

  @Test
  void lentFrameIsReachedUntilItWasReturnedAsOftenAsLent() {
    DmaGuard guard = guard(GuardMode.STRICT);
    DmaPort port = port(guard);
    DmaWindows windows = guard.windows(REQUESTER);
    windows.lendFrame(BASE + 0x1000, true);
    windows.lendFrame(BASE + 0x1000, true);
    windows.lendFrame(BASE + 0x2000, true);
    port.writeLong(BASE + 0x1ffc, -1);
    assertThrows(DmaFault.class, () -> port.readLong(BASE + 0x1000));
    assertThrows(DmaFault.class, () -> port.writeLong(BASE + 0x2ffc, -1));
    windows.returnFrame(BASE + 0x1000, true);
    port.writeLong(BASE + 0x1ffc, -1);
    windows.returnFrame(BASE + 0x1000, true);
    assertThrows(DmaFault.class, () -> port.writeLong(BASE + 0x1ffc, -1));
    assertThrows(IllegalStateException.class, () -> windows.returnFrame(BASE + 0x1000, true));
    windows.define(BASE + 0x1000, 0x1000, true, true, "a buffer").open();
    port.writeLong(BASE + 0x1ffc, -1);
  }

  @Test
  void directionIsKept() {
    DmaGuard guard = guard(GuardMode.STRICT);
    DmaPort port = port(guard);
    guard.windows(REQUESTER).define(BASE, 8, true, false, "a command").open();
    assertEquals(0, port.readLong(BASE));
    assertThrows(DmaFault.class, () -> port.writeLong(BASE, 1));
    assertTrue(lines.getLast().endsWith("lent for reading"), lines::toString);
  }

  @Test
  void oneDevicesWindowIsNotAnothers() {
    DmaGuard guard = guard(GuardMode.STRICT);
    DmaPort port = port(guard);
    guard.windows(3 << 3).define(BASE, 8, true, true, "the other's ring").open();
    assertThrows(DmaFault.class, () -> port.readLong(BASE));
    assertTrue(
        lines
            .getLast()
            .endsWith("memory of the other's ring, lent to no device but PCI device 00:03.0"),
        lines::toString);
  }

  @Test
  void loggingGuardReportsAndLetsPass() {
    DmaGuard guard = guard(GuardMode.LOG);
    port(guard).writeLong(BASE, 1);
    assertEquals(1, guard.violations());
    assertEquals(1, lines.size());
  }

  @Test
  void linesOfADeviceAreLimitedAndItsViolationsAreCounted() {
    DmaGuard guard = guard(GuardMode.LOG);
    DmaPort port = port(guard);
    for (int i = 0; i < 100; i++) {
      port.writeLong(BASE, 1);
    }
    assertEquals(100, guard.violations());
    assertEquals(16, lines.size());
  }

  @Test
  void messagesNeedNoWindow() {
    DmaGuard guard = guard(GuardMode.STRICT);
    port(guard).message(0x100, 1);
    assertEquals(0, guard.violations());
  }

  @Test
  void windowsDoNotOverlap() {
    DmaWindows windows = guard(GuardMode.STRICT).windows(REQUESTER);
    DmaWindow window = windows.define(BASE + 64, 64, true, true, "a");
    for (long at : new long[] {BASE + 1, BASE + 64, BASE + 127}) {
      assertThrows(IllegalArgumentException.class, () -> windows.define(at, 64, true, true, "b"));
    }
    window.remove();
    windows.define(BASE + 1, 64, true, true, "b");
  }

  /** Against a model that knows every byte. */
  @Property(tries = 200)
  void coversWhatAModelOfBytesCovers(@ForAll long seed) {
    Random random = new Random(seed);
    DmaWindows windows = guard(GuardMode.STRICT).windows(REQUESTER);
    int size = 64;
    boolean[] open = new boolean[size];
    for (int i = 0; i < 12; i++) {
      int at = random.nextInt(size);
      int length = 1 + random.nextInt(size / 8);
      try {
        DmaWindow window = windows.define(BASE + at, length, true, true, "w");
        if (random.nextBoolean()) {
          window.open();
          for (int k = at; k < Math.min(size, at + length); k++) {
            open[k] = true;
          }
        }
      } catch (IllegalArgumentException e) {
        continue; // the model is told of nothing either
      }
    }
    for (int i = 0; i < 200; i++) {
      int at = random.nextInt(size);
      int length = 1 + random.nextInt(size - at);
      boolean all = true;
      for (int k = at; k < at + length; k++) {
        all &= open[k];
      }
      assertEquals(all, windows.covers(BASE + at, length, true));
    }
  }
}
