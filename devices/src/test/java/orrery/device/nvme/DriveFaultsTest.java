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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import orrery.machine.fault.Fault;
import orrery.machine.fault.FaultFile;
import orrery.machine.fault.FaultFileException;
import orrery.machine.fault.FaultRule;

class DriveFaultsTest {
  private static final long ALL = Long.MAX_VALUE;

  private static DriveFaults read(String text) throws FaultFileException {
    FaultFile file = FaultFile.parse("f", text);
    DriveFaults faults = DriveFaults.read(file);
    file.finish();
    return faults;
  }

  /** The rule of one table, given by its lines. */
  private static FaultRule rule(String lines) throws FaultFileException {
    return read("[[nvme]]\n" + lines).faults().getFirst().rule();
  }

  @Test
  void readsEveryKindOfTable() throws FaultFileException {
    String text =
        """
        seed = 7

        # The third write
        [[nvme]]
        command = "write"
        drive = 1
        ns = 2
        lba = "2048..4095"
        nth = 3
        status = "write-fault"

        [[nvme]]
        command = "read"
        lba = "16.."
        nth = "2..4"
        delay = "250us"

        [[nvme]]
        command = "io:0x19"
        nth = "5.."
        fault = "drop"

        [[nvme]]
        command = "identify"
        corrupt = 100

        [[nvme]]
        command = "admin:193"
        status = 0x4281

        [[nvme]]
        command = "any"
        nth = 100
        fault = "power-cut"

        [[nvme]]
        command = "io"
        fault = "fatal"

        [[nvme]]
        command = "admin"
        fault = "lose-interrupt"

        [[nvme]]
        command = "flush"
        temperature = 350

        [[nvme]]
        command = "flush"
        ns = 2
        capacity = 1048576

        [[nvme]]
        command = "flush"
        target = 3
        fault = "detach"
        """;
    DriveFaults read = read(text);
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
            new DriveFault(-1, new FaultRule(0, -1, -1, 0, ALL, 0, ALL, new Fault.LoseInterrupt())),
            new DriveFault(-1, new FaultRule(1, 0, -1, 0, ALL, 0, ALL, new Fault.Event(0, 0, 350))),
            new DriveFault(
                -1, new FaultRule(1, 0, 2, 0, ALL, 0, ALL, new Fault.Event(1, 2, 1 << 20))),
            new DriveFault(-1, new FaultRule(1, 0, -1, 0, ALL, 0, ALL, new Fault.Event(2, 3, 0)))),
        read.faults());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "command = 'reed'; fault = 'drop' | :2: key 'command' is \"reed\"; write \"io:OPCODE\"",
        "command = 'io:0x100'; fault = 'drop' | key 'command'",
        "command = 'io:'; fault = 'drop' | key 'command'",
        "command = 2; fault = 'drop' | :2: key 'command' is 2",
        "fault = 'drop' | :1: key 'command' is missing; write",
        "command = 'read' | :1: nothing happens; write one of the keys status",
        "command = 'read'; nth = 1 | nothing happens",
        "command = 'read'; fault = 'drop'; corrupt = 1 | :1: more than one thing happens",
        "command = 'read'; fault = 'drop'; fault = 'drop' | :4: ",
        "command = 'read'; fault = 'drop'; nth = 0 | :4: key 'nth' is 0; write a number N from 1 on",
        "command = 'read'; fault = 'drop'; nth = '5..4' | key 'nth' is \"5..4\"",
        "command = 'read'; fault = 'drop'; nth = '1..x' | key 'nth'",
        "command = 'read'; fault = 'drop'; nth = [1] | key 'nth' has a value that cannot be",
        "command = 'read'; fault = 'drop'; lba = -1 | key 'lba' is -1; write a number N from 0 on",
        "command = 'flush'; fault = 'drop'; lba = 1 | :4: key 'lba' does not go with command \"flush\"",
        "command = 'any'; fault = 'drop'; lba = 1 | does not go with command \"any\"",
        "command = 'read'; fault = 'drop'; ns = 0 | key 'ns' is 0; write a number from 1 to",
        "command = 'read'; fault = 'drop'; drive = 'x' | key 'drive' is \"x\"",
        "command = 'read'; status = 0 | :3: key 'status' is 0; write a number from 1 to 32767",
        "command = 'read'; status = 0x4000 | key 'status' is success",
        "command = 'read'; status = 'broken' | one of compare-failure",
        "command = 'read'; status = 0x8000 | key 'status' is 32768",
        "command = 'read'; status = true | key 'status' is true",
        "command = 'read'; delay = 3 | key 'delay' is 3; write a time such as \"250us\"",
        "command = 'read'; delay = '0s' | key 'delay' is \"0s\"",
        "command = 'read'; fault = 'explode' | key 'fault' is \"explode\"; write one of drop, lose",
        "command = 'flush'; corrupt = 1 | :3: key 'corrupt' does not go with command \"flush\"",
        "command = 'write'; corrupt = -1 | key 'corrupt' is -1; write a number from 0 on",
        "command = 'read'; temperature = -1 | :3: key 'temperature' is -1; write a number from 0 to",
        "command = 'read'; capacity = 1 | :3: key 'capacity' is 1; write a number from 4096 on",
        "command = 'read'; fault = 'drop'; target = 1 | :4: key 'target' goes with capacity and",
        "command = 'read'; fault = 'drop'; size = 1 | :4: key 'size' is unknown; write capacity, command, ",
      })
  void saysWhatIsWrongAndWhere(String lines, String says) {
    FaultFileException refused =
        assertThrows(FaultFileException.class, () -> rule(lines.replace("; ", "\n")));
    String message = refused.getMessage();
    assertTrue(message.startsWith("f:"), message);
    assertTrue(message.contains(says), message);
    assertFalse(message.contains("\n"), message);
  }

  /** Whatever values the keys have, they are read or refused in one line. */
  @Property(tries = 2000)
  void anyTableIsReadOrRefused(@ForAll("tables") String lines) {
    try {
      rule(lines);
    } catch (FaultFileException e) {
      assertTrue(e.getMessage().startsWith("f:"), e.getMessage());
      assertFalse(e.getMessage().contains("\n"), e.getMessage());
    }
  }

  /** Known keys with values that make sense somewhere. */
  @Provide
  Arbitrary<String> tables() {
    Arbitrary<String> keys =
        Arbitraries.of(
            "drive",
            "ns",
            "lba",
            "nth",
            "status",
            "delay",
            "corrupt",
            "fault",
            "temperature",
            "capacity",
            "target",
            "\"\"",
            "a.b");
    Arbitrary<String> values =
        Arbitraries.of(
            "0",
            "1",
            "-1",
            "0x7fffffffffffffff",
            "1.5",
            "nan",
            "true",
            "[]",
            "{}",
            "[[1]]",
            "1979-05-27",
            "''",
            "'1..2'",
            "'..'",
            "'1..'",
            "'1..999999999999999999'",
            "'drop'",
            "'read-error'",
            "'999999999s'",
            "'us'",
            "'power-cut'");
    Arbitrary<String> line = Combinators.combine(keys, values).as((k, v) -> k + " = " + v);
    return line.list().ofMaxSize(4).map(lines -> "command = 'read'\n" + String.join("\n", lines));
  }

  /** What is written is what is read. */
  @Property(tries = 200)
  void numbersAreReadAsWritten(
      @ForAll("numbers") long first, @ForAll("numbers") long more, @ForAll("numbers") long nth)
      throws FaultFileException {
    long last = Math.min(first + more, 999_999_999_999_999_999L);
    String command = "command = 'write'\nfault = 'drop'\n";
    FaultRule rule =
        rule(command + "lba = '" + first + ".." + last + "'\nnth = " + (nth + 1) + "\n");
    assertEquals(first, rule.first());
    assertEquals(last, rule.last());
    assertEquals(nth, rule.skip());
    assertEquals(1, rule.times());
    assertEquals(first, rule(command + "lba = 0x" + Long.toHexString(first)).last());
  }

  @Provide
  Arbitrary<Long> numbers() {
    return Arbitraries.longs().between(0, 999_999_999_999_999_998L);
  }

  @Test
  void aNamespaceThatIsNotThereCannotChange(@TempDir Path folder) throws Exception {
    Path image = Files.write(folder.resolve("disk.img"), new byte[4096]);
    DriveFaults faults =
        read("[[nvme]]\ncommand = 'flush'\ntarget = 2\nfault = 'detach'\ndrive = 0\n");
    Drive drive = new Drive(image, true, false, false, "S");
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> new Drives(List.of(drive), faults));
    assertTrue(refused.getMessage().contains("target 2 is not there"), refused.getMessage());
    new Drives(List.of(drive, drive), faults);
  }

  @Test
  void everyNamedCommandAndStatusIsReadable() throws FaultFileException {
    for (String name : FaultNames.COMMANDS.keySet()) {
      rule("command = '" + name + "'\nfault = 'drop'\n");
    }
    for (var status : FaultNames.STATUSES.entrySet()) {
      Fault fault = rule("command = 'read'\nstatus = '" + status.getKey() + "'\n").fault();
      assertEquals(new Fault.Status(status.getValue()), fault);
    }
  }
}
