package orrery.cli.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class EscapeKeysTest {
  private int quits;
  private int helps;
  private final EscapeKeys keys = new EscapeKeys(() -> quits++, () -> helps++);

  @Test
  void ordinaryKeysPass() {
    assertEquals("ls\r\3", typed("ls\r\3"));
  }

  @Test
  void controlAThenXQuits() {
    assertEquals("", typed("\1x"));
    assertEquals(1, quits);
  }

  @Test
  void controlAThenHExplains() {
    assertEquals("", typed("\1h\1?"));
    assertEquals(2, helps);
  }

  @Test
  void controlATwiceSendsOne() {
    assertEquals("\1", typed("\1\1"));
    assertEquals("\1", typed("\1a"));
  }

  @Test
  void controlABeforeAnyOtherKeyIsPassedOn() {
    assertEquals("\1kx", typed("\1kx"));
    assertEquals(0, quits);
  }

  @Test
  void bytesBeyondAsciiPass() {
    assertEquals("\u00c3\u00bf", typed("\u00c3\u00bf"));
  }

  private String typed(String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte octet : text.getBytes(StandardCharsets.ISO_8859_1)) {
      int result = keys.filter(octet & 0xff);
      if (result == InputFilter.NOTHING) {
        continue;
      }
      if ((result & InputFilter.PAIR) != 0) {
        out.write(result >> 8 & 0xff);
      }
      out.write(result & 0xff);
    }
    return out.toString(StandardCharsets.ISO_8859_1);
  }
}
