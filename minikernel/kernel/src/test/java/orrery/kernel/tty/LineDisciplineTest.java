package orrery.kernel.tty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import orrery.kernel.abi.TermiosFlag;

/** What is typed, echoed, signalled and read, as on Linux's n_tty. */
class LineDisciplineTest {
  private final Termios termios = new Termios();
  private final FakePort port = new FakePort();
  private final List<LineDiscipline.Signal> signals = new ArrayList<>();
  private final LineDiscipline discipline =
      new LineDiscipline(
          termios,
          port,
          new LineDiscipline.Events() {
            @Override
            public void signalTyped(LineDiscipline.Signal signal) {
              signals.add(signal);
            }

            @Override
            public void flushed() {}

            @Override
            public void inputArrived() {}

            @Override
            public void flowChanged(boolean stopped) {}
          });

  @Test
  void aLineIsReadableOnlyWhenFinishedAndIsEchoed() {
    type("ab");
    assertFalse(discipline.isReadable(1));
    type("c\r");
    assertTrue(discipline.isReadable(1));
    assertEquals("abc\n", readLine(100));
    assertEquals("abc\r\n", port.take());
  }

  @Test
  void eraseRemovesTheLastCharacterOnScreenToo() {
    type("ab\177\177\177c\n");
    assertEquals("c\n", readLine(100));
    assertEquals("ab\b \b\b \bc\r\n", port.take());
  }

  @Test
  void eraseOfAControlCharacterRemovesBothItsColumns() {
    type("\001\177\n");
    assertEquals("^A\b \b\b \b\r\n", port.take());
  }

  @Test
  void eraseOfUtf8RemovesTheWholeCharacter() {
    termios.input |= TermiosFlag.IUTF8;
    type("a\u00c3\u00a9\177\n");
    assertEquals("a\n", readLine(100));
    assertEquals("a\u00c3\u00a9\b \b\r\n", port.take());
  }

  @Test
  void eraseOfATabGoesBackToWhereItBegan() {
    discipline.write("$ ".getBytes(ISO_8859_1), 2);
    type("abc\t\177");
    assertEquals("$ abc\t\b\b\b", port.take());
  }

  @Test
  void wordEraseTakesTheLastWordAndWhatFollowsIt() {
    type("foo bar  \027\n");
    assertEquals("foo \n", readLine(100));
    assertEquals("foo bar  " + "\b \b".repeat(5) + "\r\n", port.take());
  }

  @Test
  void killTakesTheLine() {
    type("abc\025x\n");
    assertEquals("x\n", readLine(100));
    assertEquals("abc" + "\b \b".repeat(3) + "x\r\n", port.take());
  }

  @Test
  void killWithoutVisualEraseEchoesTheKeyAndANewline() {
    termios.local &= ~TermiosFlag.ECHOKE;
    type("abc\025");
    assertEquals("abc^U\r\n", port.take());
  }

  @Test
  void reprintShowsTheLineAgain() {
    type("abc\022");
    assertEquals("abc^R\r\nabc", port.take());
  }

  @Test
  void literalNextTakesASignalKeyAsItIs() {
    type("\026\003\n");
    assertEquals("\003\n", readLine(100));
    assertEquals("^\b^C\r\n", port.take());
    assertTrue(signals.isEmpty());
  }

  @Test
  void signalKeysThrowAwayTheLine() {
    type("abc\003\034\032d\n");
    assertEquals(
        List.of(
            LineDiscipline.Signal.INTERRUPT,
            LineDiscipline.Signal.QUIT,
            LineDiscipline.Signal.STOP),
        signals);
    assertEquals("d\n", readLine(100));
  }

  @Test
  void endOfFileAloneReadsNothingAndAfterTextReadsTheText() {
    type("\004");
    assertTrue(discipline.isReadable(1));
    assertEquals("", readLine(100));
    assertFalse(discipline.isReadable(1));
    type("ab\004");
    assertEquals("ab", readLine(100));
    assertFalse(discipline.isReadable(1));
    assertEquals("ab", port.take());
  }

  @Test
  void anEndOfFileRightAfterAFullReadIsConsumedWithIt() {
    type("ab\004");
    assertEquals("ab", readLine(2));
    assertFalse(discipline.isReadable(1));
  }

  @Test
  void aShortReadLeavesTheRestOfTheLine() {
    type("abcd\n");
    assertEquals("ab", readLine(2));
    assertEquals("cd\n", readLine(100));
  }

  @Test
  void aLineOfMoreThan4095BytesKeepsItsEnd() {
    type("x".repeat(5000));
    assertTrue(discipline.accepts());
    type("\n");
    assertEquals("x".repeat(4095) + "\n", readLine(10000));
  }

  @Test
  void aFullBufferWithAFinishedLineAcceptsNoMore() {
    type("a\n");
    while (discipline.accepts()) {
      type("b");
    }
    assertEquals(4095, discipline.input().count());
    assertEquals("a\n", readLine(100));
    assertTrue(discipline.accepts());
  }

  @Test
  void rawModePassesEverything() {
    termios.local &= ~(TermiosFlag.ICANON | TermiosFlag.ECHO | TermiosFlag.ISIG);
    termios.input = 0;
    type("a\003\r\177\023");
    assertEquals(5, discipline.input().count());
    assertEquals("", port.take());
    assertTrue(discipline.isReadable(5));
    assertFalse(discipline.isReadable(6));
  }

  @Test
  void outputProcessingTurnsNewlinesAndTabs() {
    discipline.write("a\n".getBytes(ISO_8859_1), 2);
    assertEquals("a\r\n", port.take());
    termios.output |= TermiosFlag.XTABS;
    discipline.write("abc\tx".getBytes(ISO_8859_1), 5);
    assertEquals("abc     x", port.take());
    termios.output = 0;
    discipline.write("\n\t".getBytes(ISO_8859_1), 2);
    assertEquals("\n\t", port.take());
  }

  @Test
  void stoppedOutputHoldsEchoesUntilStarted() {
    type("\023ab");
    assertEquals(0, discipline.writeRoom());
    assertEquals("", port.take());
    type("\021");
    assertEquals("ab", port.take());
    assertTrue(discipline.writeRoom() > 0);
  }

  @Test
  void echoesWaitForTheirPort() {
    port.capacity = 1;
    type("ab\n");
    assertEquals("a", port.take());
    port.capacity = 100;
    assertEquals(0, discipline.writeRoom());
    discipline.portReady();
    assertEquals("b\r\n", port.take());
  }

  @Test
  void leavingCanonicalModeMakesAnUnfinishedLineReadable() {
    type("ab");
    int old = termios.local;
    termios.local &= ~TermiosFlag.ICANON;
    discipline.settingsChanged(old);
    assertTrue(discipline.isReadable(2));
    old = termios.local;
    termios.local |= TermiosFlag.ICANON;
    discipline.settingsChanged(old);
    assertEquals("ab", readLine(100));
  }

  @Property
  void anyBytesUnderAnySettingsLeaveAConsistentBuffer(
      @ForAll @Size(max = 600) byte[] typed, @ForAll int in, @ForAll int out, @ForAll int local) {
    termios.input = in;
    termios.output = out;
    for (int i = 0; i < typed.length; i++) {
      if (i == typed.length / 2) {
        int old = termios.local;
        termios.local = local;
        discipline.settingsChanged(old);
      }
      assertTrue(discipline.accepts());
      discipline.receive(typed[i] & 0xff);
      port.take();
    }
    InputBuffer input = discipline.input();
    assertTrue(input.count() >= 0 && input.count() <= InputBuffer.SIZE);
    assertTrue(input.unfinishedCount() >= 0);
    while (discipline.isCanonical() && discipline.isReadable(1)) {
      int before = input.count();
      readLine(7);
      assertTrue(input.count() < before);
    }
  }

  private void type(String text) {
    for (int i = 0; i < text.length(); i++) {
      discipline.receive(text.charAt(i));
    }
  }

  private String readLine(int limit) {
    int n = discipline.input().lineLength(limit);
    byte[] line = new byte[n];
    discipline.input().peek(line, n);
    discipline.input().takeLine(n);
    return new String(line, ISO_8859_1);
  }

  private static final class FakePort implements TerminalPort {
    private final StringBuilder sent = new StringBuilder();
    int capacity = 10_000;

    String take() {
      String s = sent.toString();
      sent.setLength(0);
      return s;
    }

    @Override
    public int room() {
      return capacity - sent.length();
    }

    @Override
    public void put(int c) {
      sent.append((char) c);
    }

    @Override
    public void flush() {}

    @Override
    public int pending() {
      return sent.length();
    }

    @Override
    public void discard() {}

    @Override
    public void inputWanted() {}

    @Override
    public void discardInput() {}
  }
}
