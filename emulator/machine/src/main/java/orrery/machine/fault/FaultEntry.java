package orrery.machine.fault;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * One fault of a {@link FaultFile}: keys and values, read by the device that they are for. What is
 * wrong is refused with file and line, the key, and what could stand there.
 */
public final class FaultEntry {
  /**
   * Some numbers in a row.
   *
   * @param first the smallest
   * @param last the largest, inclusive; {@link Long#MAX_VALUE} for no limit
   */
  public record Range(long first, long last) {
    /** Every number from 0 on. */
    public static final Range ALL = new Range(0, Long.MAX_VALUE);
  }

  private static final Pattern RANGE = Pattern.compile("([0-9]{1,18})\\.\\.([0-9]{1,18})?");
  private static final Pattern TIME = Pattern.compile("([0-9]{1,9})(us|ms|s)");
  private static final long NANOS_PER_MICRO = 1000;

  private final String file;
  private final TomlTable table;
  private final TomlPosition position;

  /** Keys that were asked for. */
  private final Set<String> known = new TreeSet<>();

  FaultEntry(String file, TomlTable table, TomlPosition position) {
    this.file = file;
    this.table = table;
    this.position = position;
  }

  private Object value(String key) {
    known.add(key);
    return table.get(List.of(key));
  }

  /** Whether there is such a key. */
  public boolean has(String key) {
    return value(key) != null;
  }

  /**
   * The value as text, or null without one.
   *
   * @param accepted what could stand there, for the message
   * @throws FaultFileException if it is no text
   */
  public String text(String key, String accepted) throws FaultFileException {
    return switch (value(key)) {
      case null -> null;
      case String text -> text;
      default -> throw refused(key, accepted);
    };
  }

  /**
   * The value as one of some words, or null without one.
   *
   * @throws FaultFileException if it is none of them
   */
  public String word(String key, Collection<String> words) throws FaultFileException {
    String accepted = "one of " + String.join(", ", words);
    String word = text(key, accepted);
    if (word != null && !words.contains(word)) {
      throw refused(key, accepted);
    }
    return word;
  }

  /**
   * The value as a number.
   *
   * @param otherwise without a value
   * @throws FaultFileException if it is no number, or not within the limits, inclusive
   */
  public long number(String key, long otherwise, long least, long most) throws FaultFileException {
    Object value = value(key);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof Long number && number >= least && number <= most) {
      return number;
    }
    throw refused(
        key,
        most == Long.MAX_VALUE
            ? "a number from " + least + " on"
            : "a number from " + least + " to " + most);
  }

  /**
   * The value as a number, or one that has a name.
   *
   * @throws FaultFileException if it is neither, or not within the limits, inclusive
   */
  public long code(String key, Map<String, Integer> names, long least, long most)
      throws FaultFileException {
    Object value = value(key);
    if (value instanceof Long number && number >= least && number <= most) {
      return number;
    }
    if (value instanceof String name && names.containsKey(name)) {
      return names.get(name);
    }
    throw refused(
        key,
        "a number from "
            + least
            + " to "
            + most
            + " or one of "
            + String.join(", ", names.keySet()));
  }

  /**
   * The value as a range of numbers, or null without one: {@code N}, {@code "N..M"} or {@code
   * "N.."}.
   *
   * @throws FaultFileException if it is none, or starts below {@code least}
   */
  public Range range(String key, long least) throws FaultFileException {
    Range range =
        switch (value(key)) {
          case null -> null;
          case Long number -> new Range(number, number);
          case String text -> range(key, least, RANGE.matcher(text));
          default -> throw noRange(key, least);
        };
    if (range != null && (range.first < least || range.last < range.first)) {
      throw noRange(key, least);
    }
    return range;
  }

  private Range range(String key, long least, Matcher text) throws FaultFileException {
    if (!text.matches()) {
      throw noRange(key, least);
    }
    String last = text.group(2);
    return new Range(
        Long.parseLong(text.group(1)), last == null ? Long.MAX_VALUE : Long.parseLong(last));
  }

  private FaultFileException noRange(String key, long least) {
    return refused(key, "a number N from " + least + " on, \"N..M\", or \"N..\" for all from N on");
  }

  /**
   * The value as a time, or null without one: {@code "250us"}, {@code "20ms"}, {@code "3s"}.
   *
   * @throws FaultFileException if it is none, or no time at all
   */
  public Duration time(String key) throws FaultFileException {
    String accepted = "a time such as \"250us\", \"20ms\" or \"3s\"";
    String text = text(key, accepted);
    if (text == null) {
      return null;
    }
    Matcher time = TIME.matcher(text);
    if (!time.matches() || Integer.parseInt(time.group(1)) == 0) {
      throw refused(key, accepted);
    }
    int amount = Integer.parseInt(time.group(1));
    return switch (time.group(2)) {
      case "us" -> Duration.ofNanos(amount * NANOS_PER_MICRO);
      case "ms" -> Duration.ofMillis(amount);
      default -> Duration.ofSeconds(amount);
    };
  }

  /**
   * Everything was asked for.
   *
   * @throws FaultFileException if there is a key that nobody asked for
   */
  public void finish() throws FaultFileException {
    for (String key : table.keySet()) {
      if (!known.contains(key)) {
        throw wrong(key, "is unknown; write " + String.join(", ", known));
      }
    }
  }

  /** The value of a key is not what could stand there. */
  public FaultFileException refused(String key, String accepted) {
    String found =
        switch (table.get(List.of(key))) {
          case null -> "is missing";
          case String text -> "is \"" + text + "\"";
          case Number number -> "is " + number;
          case Boolean truth -> "is " + truth;
          default -> "has a value that cannot be";
        };
    return wrong(key, found + "; write " + accepted);
  }

  /** Something is wrong about a key. */
  public FaultFileException wrong(String key, String what) {
    TomlPosition at = table.inputPositionOf(List.of(key));
    return FaultFile.wrong(file, at == null ? position : at, "key '" + key + "' " + what);
  }

  /** Something is wrong about the entry as a whole. */
  public FaultFileException wrong(String what) {
    return FaultFile.wrong(file, position, what);
  }
}
