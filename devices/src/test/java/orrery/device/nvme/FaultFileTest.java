package orrery.device.nvme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import orrery.machine.fault.Fault;
import orrery.machine.fault.FaultRule;

class FaultFileTest {
  private static final long ALL = Long.MAX_VALUE;

  @TempDir Path folder;

  private static List<DriveFault> faults(String text) throws FaultFileException {
    return FaultFile.parse(text).faults();
  }

  @Test
  void readsEveryKindOfLine() throws FaultFileException {
    String text =
        """
        # comments and empty lines

        seed=7
        write drive=1 ns=2 lba=2048..4095 nth=3 status=write-fault   # the third
        read lba=0x10.. nth=2..4 delay=250us
        io:0x19\tnth=5.. drop
        identify corrupt=100
        admin:0xC1 status=0x4281
        any nth=100 power-cut
        io fatal
        admin lose-interrupt
        """;
    DriveFaults read = FaultFile.parse(text);
    assertEquals(7, read.seed());
    assertEquals(
        List.of(
            new DriveFault(
                1, new FaultRule(1, 1, 2, 2048, 4095, 2, 1, new Fault.Status(Status.WRITE_FAULT))),
            new DriveFault(
                -1,
                new FaultRule(1, 2, -1, 16, ALL, 1, 3, new Fault.Delay(Duration.ofNanos(250_000)))),
            new DriveFault(
                -1, new FaultRule(1, 0x19, -1, 0, ALL, 4, ALL, new Fault.DropCompletion())),
            new DriveFault(
                -1, new FaultRule(0, 6, -1, 0, ALL, 0, ALL, new Fault.CorruptData(100, 0xff))),
            new DriveFault(
                -1, new FaultRule(0, 0xc1, -1, 0, ALL, 0, ALL, new Fault.Status(0x4281))),
            new DriveFault(-1, new FaultRule(-1, -1, -1, 0, ALL, 99, 1, new Fault.PowerCut())),
            new DriveFault(-1, new FaultRule(1, -1, -1, 0, ALL, 0, ALL, new Fault.Fatal())),
            new DriveFault(
                -1, new FaultRule(0, -1, -1, 0, ALL, 0, ALL, new Fault.LoseInterrupt()))),
        read.faults());
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "reed drop,'reed' is no command; write io:OPCODE",
        "io:0x100 drop,more than 255",
        "io: drop,no number",
        "read,nothing happens; add one of status=S",
        "read nth=1,nothing happens",
        "read drop fatal,one fault too many",
        "read drop drop,twice",
        "read nth=1 nth=2 drop,twice",
        "read nth=0 drop,the first one is 1",
        "read nth=5..4 drop,ends before it begins",
        "read nth= drop,write N",
        "read nth drop,write N",
        "read nth=1..x drop,no number",
        "read lba=9999999999999999999 drop,no number",
        "flush lba=1 drop,lba= does not go with 'flush'",
        "any lba=1 drop,does not go with 'any'",
        "read ns=0 drop,numbered from 1",
        "read drive=x drop,no number",
        "read status=0 drop,is success",
        "read status=0x4000,is success",
        "read status=broken,one of compare-failure",
        "read status=0x8000,more than 32767",
        "read status,write a number",
        "read delay=3,such as 250us",
        "read delay=0s,such as 250us",
        "read drop=1,write drop alone",
        "flush corrupt=1,corrupt does not go with 'flush'",
        "write corrupt=-1,no number",
        "read explode,'explode' is unknown; write drive=N",
        "seed=1 drop,on a line of its own",
        "seed=x,no number"
      })
  void saysWhatIsWrongAndWhere(String line, String says) {
    FaultFileException refused =
        assertThrows(FaultFileException.class, () -> FaultFile.parse("# one\n\n" + line + "\n"));
    String message = refused.getMessage();
    assertTrue(message.startsWith("line 3: "), message);
    assertTrue(message.contains(says), message);
    assertFalse(message.contains("\n"), message);
  }

  @Test
  void aSeedStandsOnce() {
    assertThrows(FaultFileException.class, () -> FaultFile.parse("seed=1\nseed=1\n"));
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
  @Property(tries = 3000)
  void anyTextIsReadOrRefused(@ForAll("texts") String text) {
    try {
      FaultFile.parse(text);
    } catch (FaultFileException e) {
      assertTrue(e.getMessage().startsWith("line "), e.getMessage());
      assertFalse(e.getMessage().contains("\n"), e.getMessage());
    }
  }

  /** A mixture of words that make sense somewhere, words that nearly do, and anything. */
  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> known =
        Arbitraries.of(
            "read",
            "write",
            "any",
            "io:2",
            "admin:0x",
            "drive=0",
            "ns=1",
            "ns=0x7fffffffffffffff",
            "lba=1..2",
            "lba=..",
            "lba=1..",
            "nth=1",
            "nth=1..999999999999999999",
            "nth=..3",
            "drop",
            "status=0x281",
            "status=",
            "delay=999999999s",
            "delay=us",
            "corrupt",
            "corrupt=0x",
            "power-cut",
            "seed=1",
            "#",
            "=",
            "==",
            "..");
    Arbitrary<String> word =
        Arbitraries.frequencyOf(
            Tuple.of(8, known),
            Tuple.of(1, Arbitraries.strings().ofMaxLength(12)),
            Tuple.of(
                1,
                Combinators.combine(known, Arbitraries.strings().ofMaxLength(3))
                    .as((a, b) -> a + b)));
    Arbitrary<String> line = word.list().ofMaxSize(6).map(words -> String.join(" ", words));
    return line.list().ofMaxSize(4).map(lines -> String.join("\n", lines));
  }

  /** What is written is what is read. */
  @Property
  void numbersAreReadAsWritten(
      @ForAll("numbers") long first, @ForAll("numbers") long more, @ForAll("numbers") long nth)
      throws FaultFileException {
    long last = Math.min(first + more, 999_999_999_999_999_999L);
    String line = "write lba=" + first + ".." + last + " nth=" + (nth + 1) + " drop";
    FaultRule rule = faults(line).getFirst().rule();
    assertEquals(first, rule.first());
    assertEquals(last, rule.last());
    assertEquals(nth, rule.skip());
    assertEquals(1, rule.times());
    String hex = "write lba=0x" + Long.toHexString(first) + " drop";
    assertEquals(first, faults(hex).getFirst().rule().last());
  }

  @Provide
  Arbitrary<Long> numbers() {
    return Arbitraries.longs().between(0, 999_999_999_999_999_998L);
  }

  @Test
  void everyNamedCommandAndStatusIsReadable() throws FaultFileException {
    for (String name : FaultNames.COMMANDS.keySet()) {
      assertEquals(1, faults(name + " drop").size());
    }
    for (var status : FaultNames.STATUSES.entrySet()) {
      Fault fault = faults("read status=" + status.getKey()).getFirst().rule().fault();
      assertEquals(new Fault.Status(status.getValue()), fault);
    }
  }
}
