package orrery.device.uart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static orrery.device.uart.Pl011Registers.*;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import orrery.device.TestLine;

/** The UART by the sections of Arm DDI 0183G. */
class Pl011Test {
  private final CapturedLine line = new CapturedLine();
  private final TestLine interrupt = new TestLine();
  private final Pl011 uart = new Pl011(line, interrupt);

  @BeforeEach
  void enable() {
    write(UARTCR, CR_UARTEN | CR_TXE | CR_RXE | CR_RTS);
    write(UARTLCR_H, 0x70);
    write(UARTICR, INT_MASK);
  }

  private int read(int register) {
    return (int) uart.read(register, 4);
  }

  private void write(int register, int value) {
    uart.write(register, 4, value);
  }

  private boolean flag(int flag) {
    return (read(UARTFR) & flag) != 0;
  }

  @Test
  void sendsWhatIsWritten() {
    for (char c : "hello".toCharArray()) {
      write(UARTDR, c);
    }
    assertEquals("hello", line.sent());
    assertTrue(flag(FR_TXFE));
    assertFalse(flag(FR_BUSY));
  }

  @Test
  void showsAFullFifoWhileTheLineTakesNothing() {
    line.setRoom(1);
    write(UARTDR, 'a');
    assertTrue(flag(FR_TXFF));
    assertTrue(flag(FR_BUSY));
    assertFalse(flag(FR_TXFE));
    line.setRoom(10);
    assertFalse(flag(FR_TXFF));
    assertTrue(flag(FR_TXFE));
  }

  @Test
  void interruptsWhenThereIsRoomAgain() {
    write(UARTIMSC, INT_TX);
    assertFalse(interrupt.asserted(), "an empty FIFO alone is no reason");
    line.setRoom(2);
    write(UARTDR, 'a');
    assertTrue(interrupt.asserted(), "the byte has left the FIFO");
    write(UARTDR, 'b');
    assertFalse(interrupt.asserted(), "the FIFO is full");
    line.setRoom(5);
    assertTrue(interrupt.asserted());
    write(UARTICR, INT_TX);
    assertFalse(interrupt.asserted());
  }

  @Test
  void receivesInOrder() {
    assertTrue(flag(FR_RXFE));
    line.arrive("ab");
    assertFalse(flag(FR_RXFE));
    assertEquals('a', read(UARTDR));
    assertEquals('b', read(UARTDR));
    assertTrue(flag(FR_RXFE));
    assertEquals(0, read(UARTDR), "an empty FIFO gives nothing");
  }

  @Test
  void interruptsByTimeoutBelowTheTriggerLevel() {
    write(UARTIMSC, INT_RX | INT_RT);
    line.arrive("ab");
    assertTrue(interrupt.asserted());
    assertEquals(INT_RT, read(UARTMIS));
    read(UARTDR);
    assertTrue(interrupt.asserted(), "one byte is left");
    read(UARTDR);
    assertFalse(interrupt.asserted());
  }

  @Test
  void interruptsAtTheTriggerLevel() {
    write(UARTIFLS, 2 << 3); // half of 32
    write(UARTIMSC, INT_RX);
    line.arrive("0123456789abcde");
    assertFalse(interrupt.asserted(), "15 bytes");
    line.arrive("f");
    assertTrue(interrupt.asserted());
    read(UARTDR);
    assertFalse(interrupt.asserted(), "below the level again");
    assertEquals(INT_RT, read(UARTRIS) & INT_RT, "the rest is announced by the timeout");
  }

  @Test
  void everyTriggerLevelIsTheFractionItStandsFor() {
    int[] bytes = {4, 8, 16, 24, 28};
    for (int setting = 0; setting < bytes.length; setting++) {
      assertEquals(bytes[setting], triggerLevel(setting));
    }
  }

  @Test
  void aClearedReceiveInterruptComesBackAsBytesAreTakenOrCome() {
    write(UARTIMSC, INT_RX | INT_RT);
    line.arrive("abc");
    write(UARTICR, INT_RT);
    assertFalse(interrupt.asserted());
    read(UARTDR);
    assertTrue(interrupt.asserted());
    write(UARTICR, INT_RT);
    line.arrive("d");
    assertTrue(interrupt.asserted());
  }

  @Test
  void showsAtMostItsDepthOfWhatArrived() {
    line.arrive("x".repeat(100));
    assertTrue(flag(FR_RXFF));
    for (int i = 0; i < 68; i++) {
      read(UARTDR);
      assertTrue(flag(FR_RXFF), "the next byte moved up");
    }
    read(UARTDR);
    assertFalse(flag(FR_RXFF));
  }

  @Test
  void withoutFifosEachByteCounts() {
    write(UARTLCR_H, 0x60);
    write(UARTIMSC, INT_RX);
    line.arrive("a");
    assertTrue(interrupt.asserted());
    assertTrue(flag(FR_RXFF));
    read(UARTDR);
    assertFalse(interrupt.asserted());
  }

  @Test
  void losesNothingThatArrivesWhileItIsOff() {
    write(UARTCR, CR_TXE | CR_RXE);
    line.arrive("a");
    assertTrue(flag(FR_RXFE));
    write(UARTDR, 'x');
    assertEquals("", line.sent());
    write(UARTCR, CR_UARTEN | CR_RXE | CR_RTS);
    assertEquals('a', read(UARTDR));
  }

  @Test
  void loopsBackOntoItself() {
    write(UARTCR, CR_UARTEN | CR_TXE | CR_RXE | CR_LBE);
    line.arrive("outside");
    write(UARTDR, 'x');
    assertEquals('x', read(UARTDR));
    assertTrue(flag(FR_RXFE));
    assertEquals("", line.sent());
  }

  @Test
  void masksInterrupts() {
    line.arrive("a");
    assertEquals(INT_RT, read(UARTRIS));
    assertEquals(0, read(UARTMIS));
    assertFalse(interrupt.asserted());
    write(UARTIMSC, INT_RT);
    assertTrue(interrupt.asserted());
    write(UARTIMSC, 0);
    assertFalse(interrupt.asserted());
  }

  @Test
  void identifiesItselfAndKeepsItsSettings() {
    int id = 0;
    int cell = 0;
    for (int i = 3; i >= 0; i--) {
      id = id << 8 | read(0xfe0 + 4 * i);
      cell = cell << 8 | read(0xff0 + 4 * i);
    }
    assertEquals(0x00341011, id);
    assertEquals(0xb105f00d, cell);
    write(UARTIBRD, 0x1234d);
    write(UARTFBRD, 0x41);
    assertEquals(0x234d, read(UARTIBRD));
    assertEquals(1, read(UARTFBRD));
    Pl011 fresh = new Pl011(new CapturedLine(), new TestLine());
    assertEquals(0x300, fresh.read(UARTCR, 4));
    assertEquals(0x12, fresh.read(UARTIFLS, 4));
    assertEquals(0x97, fresh.read(UARTFR, 4));
  }

  /** A driver that reads while its interrupt is asserted gets every byte, in order. */
  @Property
  void aDriverThatFollowsTheInterruptGetsEveryByte(
      @ForAll @IntRange(min = 0, max = 4) int level,
      @ForAll @IntRange(min = 1, max = 40) int readsAtATime,
      @ForAll boolean clearsFirst,
      @ForAll @Size(max = 20) List<@IntRange(min = 1, max = 80) Integer> bursts) {
    CapturedLine input = new CapturedLine();
    TestLine irq = new TestLine();
    Pl011 port = new Pl011(input, irq);
    port.write(UARTCR, 4, CR_UARTEN | CR_RXE | CR_RTS);
    port.write(UARTLCR_H, 4, 0x70);
    port.write(UARTIFLS, 4, level << 3);
    port.write(UARTIMSC, 4, INT_RX | INT_RT);
    StringBuilder sent = new StringBuilder();
    StringBuilder got = new StringBuilder();
    for (int burst : bursts) {
      String text = "abcdefghijklmnopqrstuvwxyz".repeat(4).substring(0, burst);
      sent.append(text);
      input.arrive(text);
      while (irq.asserted()) {
        if (clearsFirst) {
          port.write(UARTICR, 4, INT_RX | INT_RT);
        }
        for (int i = 0; i < readsAtATime && (port.read(UARTFR, 4) & FR_RXFE) == 0; i++) {
          got.append((char) port.read(UARTDR, 4));
        }
      }
    }
    assertEquals(sent.toString(), got.toString());
  }

  @Property
  void survivesAnyAccess(@ForAll @Size(max = 60) List<Long> accesses) {
    for (long access : accesses) {
      int register = (int) access & 0xfff;
      if (access < 0) {
        uart.read(register, 1);
      } else {
        uart.write(register, 2, access >>> 32 & 0xffff);
      }
    }
  }

  @Test
  void keepsTheInputOfAGuestThatDoesNotListenYet() {
    write(UARTCR, CR_UARTEN | CR_TXE | CR_RXE);
    line.arrive("early");
    assertTrue(flag(FR_RXFE), "Linux drains the FIFO while it sets the port up");
    write(UARTIMSC, INT_RX | INT_RT);
    assertTrue(interrupt.asserted());
    assertEquals('e', read(UARTDR));
  }

  @Test
  void servesAPollerThatAssertsNothing() {
    write(UARTCR, CR_UARTEN | CR_TXE | CR_RXE);
    line.arrive("x");
    int looks = 0;
    while (flag(FR_RXFE)) {
      looks++;
      assertTrue(looks < 100);
    }
    assertEquals('x', read(UARTDR));
  }
}
