package orrery.device.nvme;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import orrery.device.nvme.FaultNames.Command;
import orrery.machine.fault.Fault;
import orrery.machine.fault.FaultEntry;
import orrery.machine.fault.FaultEntry.Range;
import orrery.machine.fault.FaultFileException;
import orrery.machine.fault.FaultRule;

/** Reads a table {@code [[nvme]]} of a file of faults; {@code devices/faults.md} describes it. */
final class DriveFaultReader {
  private static final String COMMAND = "command";
  private static final String DRIVE = "drive";
  private static final String NAMESPACE = "ns";
  private static final String BLOCKS = "lba";
  private static final String OCCURRENCE = "nth";
  private static final String STATUS = "status";
  private static final String DELAY = "delay";
  private static final String CORRUPT = "corrupt";
  private static final String FAULT = "fault";
  private static final String TEMPERATURE = "temperature";
  private static final String CAPACITY = "capacity";
  private static final String TARGET = "target";
  private static final String OUTCOMES =
      String.join(", ", STATUS, DELAY, CORRUPT, FAULT, TEMPERATURE, CAPACITY);

  /** Of {@link #FAULT}, and what they do to a namespace. */
  private static final Map<String, Integer> NAMESPACE_EVENTS =
      Map.of("attach", Surroundings.ATTACH, "detach", Surroundings.DETACH);

  private static final int MAX_KELVINS = 0xffff;
  private static final int MIN_CAPACITY = 4096;

  private static final int MAX_STATUS = 0x7fff;
  private static final int BYTE = 0xff;
  private static final int MAX_NUMBER = 1_000_000;

  private static final Pattern OPCODE =
      Pattern.compile("(io|admin):(?:0[xX]([0-9a-fA-F]{1,4})|([0-9]{1,4}))");

  private static final Map<String, Fault> FAULTS = faults();

  private final FaultEntry entry;

  DriveFaultReader(FaultEntry entry) {
    this.entry = entry;
  }

  private static Map<String, Fault> faults() {
    Map<String, Fault> faults = new LinkedHashMap<>();
    faults.put("drop", new Fault.DropCompletion());
    faults.put("lose-interrupt", new Fault.LoseInterrupt());
    faults.put("fatal", new Fault.Fatal());
    faults.put("unplug", new Fault.Unplug());
    faults.put("power-cut", new Fault.PowerCut());
    return faults;
  }

  DriveFault read() throws FaultFileException {
    Command command = command();
    int drive = (int) entry.number(DRIVE, FaultRule.ANY, 0, MAX_NUMBER);
    int namespace = (int) entry.number(NAMESPACE, FaultRule.ANY, 1, MAX_NUMBER);
    Range blocks = or(entry.range(BLOCKS, 0), Range.ALL);
    if (entry.has(BLOCKS) && !command.hasBlocks()) {
      throw doesNotGo(BLOCKS, "read, write, compare, verify and write-zeroes");
    }
    Range nth = or(entry.range(OCCURRENCE, 1), new Range(1, Long.MAX_VALUE));
    long times = nth.last() == Long.MAX_VALUE ? Long.MAX_VALUE : nth.last() - nth.first() + 1;
    FaultRule rule =
        FaultRule.always(outcome(command, namespace))
            .operation(command.kind(), command.opcode())
            .unit(namespace)
            .range(blocks.first(), blocks.last())
            .occurrence(nth.first() - 1, times);
    entry.finish();
    return new DriveFault(drive, rule);
  }

  private static Range or(Range range, Range otherwise) {
    return range == null ? otherwise : range;
  }

  private FaultFileException doesNotGo(String key, String commands) throws FaultFileException {
    return entry.wrong(
        key, "does not go with command \"" + entry.text(COMMAND, "") + "\", but with " + commands);
  }

  // ---- Which commands ----

  private Command command() throws FaultFileException {
    String accepted =
        "\"io:OPCODE\", \"admin:OPCODE\" or one of "
            + String.join(", ", FaultNames.COMMANDS.keySet());
    String word = entry.text(COMMAND, accepted);
    Command named = word == null ? null : FaultNames.COMMANDS.get(word);
    if (named != null) {
      return named;
    }
    Matcher opcode = OPCODE.matcher(word == null ? "" : word);
    if (opcode.matches()) {
      int number =
          opcode.group(2) != null
              ? Integer.parseInt(opcode.group(2), 16)
              : Integer.parseInt(opcode.group(3));
      if (number <= BYTE) {
        return new Command(opcode.group(1).equals("io") ? Engine.IO : Engine.ADMIN, number);
      }
    }
    throw entry.refused(COMMAND, accepted);
  }

  // ---- What happens ----

  private Fault outcome(Command command, int namespace) throws FaultFileException {
    List<Fault> found = new ArrayList<>();
    if (entry.has(STATUS)) {
      found.add(status());
    }
    Duration delay = entry.time(DELAY);
    if (delay != null) {
      found.add(new Fault.Delay(delay));
    }
    if (entry.has(CORRUPT)) {
      found.add(corrupt(command));
    }
    int target = (int) entry.number(TARGET, Math.max(1, namespace), 1, MAX_NUMBER);
    String fault = entry.word(FAULT, faultWords());
    if (fault != null) {
      found.add(
          NAMESPACE_EVENTS.containsKey(fault)
              ? new Fault.Event(NAMESPACE_EVENTS.get(fault), target, 0)
              : FAULTS.get(fault));
    }
    if (entry.has(TEMPERATURE)) {
      long kelvins = entry.number(TEMPERATURE, 0, 0, MAX_KELVINS);
      found.add(new Fault.Event(Surroundings.TEMPERATURE, 0, kelvins));
    }
    if (entry.has(CAPACITY)) {
      long bytes = entry.number(CAPACITY, 0, MIN_CAPACITY, Long.MAX_VALUE);
      found.add(new Fault.Event(Surroundings.CAPACITY, target, bytes));
    }
    if (found.size() != 1) {
      throw entry.wrong(
          (found.isEmpty() ? "nothing happens" : "more than one thing happens")
              + "; write one of the keys "
              + OUTCOMES);
    }
    Fault only = found.getFirst();
    if (entry.has(TARGET) && !(only instanceof Fault.Event event && event.unit() != 0)) {
      throw entry.wrong(
          TARGET, "goes with capacity and with fault = \"attach\" or \"detach\" only");
    }
    return only;
  }

  private static List<String> faultWords() {
    List<String> words = new ArrayList<>(FAULTS.keySet());
    NAMESPACE_EVENTS.keySet().stream().sorted().forEach(words::add);
    return words;
  }

  private Fault status() throws FaultFileException {
    int status = (int) entry.code(STATUS, FaultNames.STATUSES, 1, MAX_STATUS);
    if ((status & Status.CODE_MASK) == 0) {
      throw entry.wrong(STATUS, "is success, which is no fault; write (type << 8 | code)");
    }
    return new Fault.Status(status);
  }

  private Fault corrupt(Command command) throws FaultFileException {
    if (!command.hasData()) {
      throw doesNotGo(CORRUPT, "read, write, identify, get-log and get-features");
    }
    return new Fault.CorruptData(entry.number(CORRUPT, 0, 0, Long.MAX_VALUE), BYTE);
  }
}
