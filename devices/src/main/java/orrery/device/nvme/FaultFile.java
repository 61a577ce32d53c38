package orrery.device.nvme;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import orrery.device.nvme.FaultNames.Command;
import orrery.machine.fault.Fault;
import orrery.machine.fault.FaultRule;

/**
 * Reads a file of faults, one to a line: {@code COMMAND [drive=N] [ns=N] [lba=A[..B]]
 * [nth=N[..[M]]] FAULT}. {@code devices/faults.md} describes it.
 */
public final class FaultFile {
  private static final long MAX_BYTES = 1 << 20;
  private static final int MAX_STATUS = 0x7fff;
  private static final int BYTE = 0xff;
  private static final int MAX_NUMBER = 1_000_000;

  private static final Pattern NUMBER = Pattern.compile("0[xX]([0-9a-fA-F]{1,15})|([0-9]{1,18})");
  private static final Pattern RANGE = Pattern.compile("([^.]+)(?:(\\.\\.)([^.]*))?");
  private static final Pattern TIME = Pattern.compile("([0-9]{1,9})(us|ms|s)");

  private static final String FAULTS =
      "status=S, delay=TIME, drop, corrupt=OFFSET, lose-interrupt, fatal, unplug, power-cut";

  private final List<DriveFault> faults = new ArrayList<>();
  private long seed;
  private boolean seeded;

  private FaultFile() {}

  /**
   * Reads a file.
   *
   * @throws FaultFileException if it cannot be read or makes no sense
   */
  public static DriveFaults read(Path file) throws FaultFileException {
    try {
      if (!Files.exists(file)) {
        throw new FaultFileException("there is no " + file);
      }
      if (!Files.isRegularFile(file) || Files.size(file) > MAX_BYTES) {
        throw new FaultFileException(file + " is no text file of faults");
      }
      return parse(Files.readString(file, StandardCharsets.UTF_8));
    } catch (CharacterCodingException e) {
      throw new FaultFileException(file + " is no text file of faults");
    } catch (IOException e) {
      throw new FaultFileException(file + " cannot be read: " + e.getMessage());
    }
  }

  /**
   * Reads the text of a file.
   *
   * @throws FaultFileException if it makes no sense
   */
  public static DriveFaults parse(String text) throws FaultFileException {
    FaultFile file = new FaultFile();
    int number = 0;
    for (String line : text.split("\\R", -1)) {
      number++;
      try {
        file.line(line.replaceFirst("#.*", "").strip());
      } catch (FaultFileException e) {
        throw new FaultFileException("line " + number + ": " + e.getMessage());
      }
    }
    return new DriveFaults(file.faults, file.seed);
  }

  private void line(String line) throws FaultFileException {
    if (line.isEmpty()) {
      return;
    }
    String[] words = line.split("\\s+");
    if (words[0].startsWith("seed=")) {
      if (words.length > 1 || seeded) {
        throw new FaultFileException("seed=N stands once, on a line of its own");
      }
      seed = number("seed", words[0].substring("seed=".length()), Long.MAX_VALUE);
      seeded = true;
      return;
    }
    faults.add(fault(words));
  }

  private static DriveFault fault(String[] words) throws FaultFileException {
    Command command = command(words[0]);
    FaultRule rule = null;
    int drive = FaultRule.ANY;
    int namespace = FaultRule.ANY;
    long[] blocks = {0, Long.MAX_VALUE};
    long[] occurrences = {1, Long.MAX_VALUE};
    Set<String> seen = new HashSet<>();
    for (int i = 1; i < words.length; i++) {
      int equals = words[i].indexOf('=');
      String name = equals < 0 ? words[i] : words[i].substring(0, equals);
      String value = equals < 0 ? null : words[i].substring(equals + 1);
      if (!seen.add(name)) {
        throw new FaultFileException("'" + name + "' is there twice; write two lines");
      }
      switch (name) {
        case "drive" -> drive = (int) number(name, value, MAX_NUMBER);
        case "ns" -> namespace = namespace(value);
        case "lba" -> blocks = blocks(command, words[0], value);
        case "nth" -> occurrences = occurrences(value);
        default -> {
          if (rule != null) {
            throw new FaultFileException(
                "'" + words[i] + "' is one fault too many; write another line for it");
          }
          rule = FaultRule.always(planned(command, words, name, value));
        }
      }
    }
    if (rule == null) {
      throw new FaultFileException("nothing happens; add one of " + FAULTS);
    }
    long times =
        occurrences[1] == Long.MAX_VALUE ? Long.MAX_VALUE : occurrences[1] - occurrences[0] + 1;
    return new DriveFault(
        drive,
        rule.operation(command.kind(), command.opcode())
            .unit(namespace)
            .range(blocks[0], blocks[1])
            .occurrence(occurrences[0] - 1, times));
  }

  // ---- Which commands ----

  private static Command command(String word) throws FaultFileException {
    Command named = FaultNames.COMMANDS.get(word);
    if (named != null) {
      return named;
    }
    for (var set : Map.of("admin:", Engine.ADMIN, "io:", Engine.IO).entrySet()) {
      if (word.startsWith(set.getKey())) {
        String opcode = word.substring(set.getKey().length());
        return new Command(set.getValue(), (int) number(set.getKey(), opcode, BYTE));
      }
    }
    throw new FaultFileException(
        "'"
            + word
            + "' is no command; write io:OPCODE, admin:OPCODE or one of "
            + String.join(", ", FaultNames.COMMANDS.keySet()));
  }

  private static int namespace(String value) throws FaultFileException {
    long number = number("ns", value, MAX_NUMBER);
    if (number == 0) {
      throw new FaultFileException("ns=0: namespaces are numbered from 1");
    }
    return (int) number;
  }

  private static long[] blocks(Command command, String word, String value)
      throws FaultFileException {
    if (!command.hasBlocks()) {
      throw new FaultFileException(
          "lba= does not go with '"
              + word
              + "'; it goes with read, write, compare, verify and write-zeroes");
    }
    return range("lba", value);
  }

  private static long[] occurrences(String value) throws FaultFileException {
    long[] range = range("nth", value);
    if (range[0] == 0) {
      throw new FaultFileException("nth=" + value + ": the first one is 1");
    }
    return range;
  }

  // ---- What happens ----

  private static Fault planned(Command command, String[] words, String name, String value)
      throws FaultFileException {
    return switch (name) {
      case "status" -> new Fault.Status(status(value));
      case "delay" -> new Fault.Delay(time(value));
      case "corrupt" -> corrupt(command, words[0], value);
      case "drop" -> bare(name, value, new Fault.DropCompletion());
      case "lose-interrupt" -> bare(name, value, new Fault.LoseInterrupt());
      case "fatal" -> bare(name, value, new Fault.Fatal());
      case "unplug" -> bare(name, value, new Fault.Unplug());
      case "power-cut" -> bare(name, value, new Fault.PowerCut());
      default ->
          throw new FaultFileException(
              "'"
                  + name
                  + "' is unknown; write drive=N, ns=N, lba=A..B, nth=N or one of "
                  + FAULTS);
    };
  }

  private static Fault bare(String name, String value, Fault fault) throws FaultFileException {
    if (value != null) {
      throw new FaultFileException("'" + name + "' has no value; write " + name + " alone");
    }
    return fault;
  }

  private static int status(String value) throws FaultFileException {
    Integer named = value == null ? null : FaultNames.STATUSES.get(value);
    if (named != null) {
      return named;
    }
    if (value == null || !NUMBER.matcher(value).matches()) {
      throw new FaultFileException(
          "status="
              + (value == null ? "" : value)
              + " is unknown; write a number (type << 8 | code) or one of "
              + String.join(", ", FaultNames.STATUSES.keySet()));
    }
    int number = (int) number("status", value, MAX_STATUS);
    if ((number & Status.CODE_MASK) == 0) {
      throw new FaultFileException("status=" + value + " is success; it is no fault");
    }
    return number;
  }

  private static Duration time(String value) throws FaultFileException {
    Matcher time = TIME.matcher(value == null ? "" : value);
    if (!time.matches() || Integer.parseInt(time.group(1)) == 0) {
      throw new FaultFileException(
          "delay=" + (value == null ? "" : value) + ": write a time such as 250us, 20ms or 3s");
    }
    int amount = Integer.parseInt(time.group(1));
    return switch (time.group(2)) {
      case "us" -> Duration.ofNanos(amount * 1000L);
      case "ms" -> Duration.ofMillis(amount);
      default -> Duration.ofSeconds(amount);
    };
  }

  private static Fault corrupt(Command command, String word, String value)
      throws FaultFileException {
    if (!command.hasData()) {
      throw new FaultFileException(
          "corrupt does not go with '"
              + word
              + "'; it goes with read, write, identify, get-log and get-features");
    }
    return new Fault.CorruptData(
        value == null ? 0 : number("corrupt", value, Long.MAX_VALUE), BYTE);
  }

  // ---- Numbers ----

  /** First and last number; the last one may be missing. */
  private static long[] range(String name, String value) throws FaultFileException {
    Matcher range = RANGE.matcher(value == null ? "" : value);
    if (!range.matches()) {
      throw new FaultFileException(
          name + "=" + (value == null ? "" : value) + ": write N, N..M or N.. for all from N on");
    }
    long first = number(name, range.group(1), Long.MAX_VALUE);
    boolean open = range.group(2) != null && range.group(3).isEmpty();
    long last =
        range.group(2) == null
            ? first
            : open ? Long.MAX_VALUE : number(name, range.group(3), Long.MAX_VALUE);
    if (last < first) {
      throw new FaultFileException(name + "=" + value + " ends before it begins");
    }
    return new long[] {first, last};
  }

  private static long number(String name, String value, long limit) throws FaultFileException {
    Matcher number = NUMBER.matcher(value == null ? "" : value);
    if (!number.matches()) {
      throw new FaultFileException(
          "'" + (value == null ? "" : value) + "' of " + name + " is no number");
    }
    long found =
        number.group(1) != null
            ? Long.parseLong(number.group(1), 16)
            : Long.parseLong(number.group(2));
    if (found > limit) {
      throw new FaultFileException(name + "=" + value + " is more than " + limit);
    }
    return found;
  }
}
