package orrery.machine.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FaultFileTest {
  @TempDir Path folder;

  /** Reads it as somebody with disks and networks does. */
  private static FaultFile read(String text) throws FaultFileException {
    FaultFile file = FaultFile.parse("f.toml", text);
    file.seed();
    for (String device : List.of("disk", "net")) {
      for (FaultEntry entry : file.entries(device)) {
        entry.word("what", List.of("drop", "delay"));
        entry.finish();
      }
    }
    file.finish();
    return file;
  }

  @Test
  void eachDeviceHasItsTables() throws FaultFileException {
    FaultFile file =
        read(
            """
            seed = 7
            [[disk]]
            what = "drop"
            [[net]]
            [[disk]]
            what = "delay"
            """);
    assertEquals(7, file.seed());
    assertEquals(1, file.entries("net").size());
    List<FaultEntry> disks = file.entries("disk");
    assertEquals(2, disks.size());
    assertEquals("delay", disks.get(1).text("what", "text"));
  }

  @Test
  void anEmptyFileHasNoFaults() throws FaultFileException {
    FaultFile file = read("# nothing\n");
    assertEquals(0, file.seed());
    assertTrue(file.entries("disk").isEmpty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "disk drop | f.toml:2: ",
        "[[disk]] # a\u0001b | f.toml:2: a control character",
        "seed = -1 | f.toml:2: key 'seed': write a number from 0 on",
        "seed = 'x' | f.toml:2: key 'seed'",
        "seed = 1; seed = 1 | f.toml:3: ",
        "disk = 1 | f.toml:2: key 'disk': each fault is a table of its own, under [[disk]]",
        "disk = [1] | f.toml:2: key 'disk': each fault",
        "[disk] | f.toml:2: key 'disk': each fault",
        "[[gpu]] | f.toml:2: key 'gpu' is unknown here; known are disk, net, seed",
        "speed = 1 | f.toml:2: key 'speed' is unknown here",
        "[[disk]]; what = 'nothing' | f.toml:3: key 'what' is \"nothing\"; write one of drop, delay",
        "[[disk]]; when = 1 | f.toml:3: key 'when' is unknown; write what",
        "[[disk]]; what.not = 1 | f.toml:3: key 'what' has a value that cannot be; write one of"
      })
  void saysWhatIsWrongAndWhere(String lines, String says) {
    FaultFileException refused =
        assertThrows(
            FaultFileException.class, () -> read("# faults\n" + lines.replace("; ", "\n")));
    assertTrue(refused.getMessage().startsWith(says), refused.getMessage());
    assertFalse(refused.getMessage().contains("\n"), refused.getMessage());
  }

  @Test
  void deepNestingIsRefused() {
    assertThrows(FaultFileException.class, () -> read("a = " + "[".repeat(100_000)));
    assertThrows(FaultFileException.class, () -> read("a" + ".a".repeat(100_000) + " = 1"));
  }

  @Test
  void whatIsNoTextFileIsRefused() throws Exception {
    Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe, 1});
    Path large = Files.write(folder.resolve("large"), new byte[2 << 20]);
    for (Path wrong : List.of(binary, large, folder, folder.resolve("none"))) {
      FaultFileException refused =
          assertThrows(FaultFileException.class, () -> FaultFile.read(wrong));
      assertTrue(refused.getMessage().contains(wrong.toString()), refused.getMessage());
    }
  }

  /** Whatever a file says, it is read or refused in one line. */
  @Property(tries = 2000)
  void anyTextIsReadOrRefused(@ForAll("texts") String text) {
    try {
      read(text);
    } catch (FaultFileException e) {
      assertTrue(e.getMessage().startsWith("f.toml"), e.getMessage());
      assertFalse(e.getMessage().contains("\n"), e.getMessage());
    }
  }

  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> part =
        Arbitraries.oneOf(
            Arbitraries.of(
                "[[disk]]",
                "[disk",
                "]",
                "{",
                "}",
                "what",
                "seed",
                "=",
                ".",
                "'drop'",
                "\"\"\"",
                "'",
                "\\u00",
                "\n",
                " ",
                ",",
                "1",
                "0x",
                "1e999",
                "1979-05-27",
                "T99:99",
                "nan",
                "#",
                "true",
                "99999999999999999999",
                "\r"),
            Arbitraries.strings().ofMaxLength(5));
    return part.list().ofMaxSize(12).map(parts -> String.join("", parts));
  }
}
