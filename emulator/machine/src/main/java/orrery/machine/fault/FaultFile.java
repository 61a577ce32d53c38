package orrery.machine.fault;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * A TOML file of faults: an array of tables for each kind of device, {@code [[nvme]]} say, and a
 * {@code seed}. It knows no device: who has one asks for its entries under the device's name, and
 * at last {@link #finish} complains of tables that nobody asked for.
 */
public final class FaultFile {
  private static final long MAX_BYTES = 1 << 20;
  private static final String SEED = "seed";

  private final String name;
  private final TomlTable content;
  private final Set<String> known = new TreeSet<>();

  private FaultFile(String name, TomlTable content) {
    this.name = name;
    this.content = content;
  }

  /**
   * Reads a file.
   *
   * @throws FaultFileException if it cannot be read or is no TOML
   */
  public static FaultFile read(Path file) throws FaultFileException {
    try {
      if (!Files.exists(file)) {
        throw new FaultFileException("there is no " + file);
      }
      if (!Files.isRegularFile(file) || Files.size(file) > MAX_BYTES) {
        throw new FaultFileException(file + " is no text file of faults");
      }
      return parse(file.toString(), Files.readString(file, StandardCharsets.UTF_8));
    } catch (CharacterCodingException e) {
      throw new FaultFileException(file + " is no text file of faults");
    } catch (IOException e) {
      throw new FaultFileException(file + " cannot be read: " + e.getMessage());
    }
  }

  /**
   * Reads the text of a file.
   *
   * @param name of the file, for messages
   * @throws FaultFileException if it is no TOML
   */
  public static FaultFile parse(String name, String text) throws FaultFileException {
    requireText(name, text);
    TomlParseResult content;
    try {
      content = Toml.parse(text);
    } catch (StackOverflowError e) {
      throw new FaultFileException(name + " is nested too deeply for a file of faults");
    }
    if (content.hasErrors()) {
      TomlParseError error = content.errors().getFirst();
      throw wrong(name, error.position(), error.getMessage());
    }
    return new FaultFile(name, content);
  }

  /** TOML 1.0 excludes control characters everywhere; its parser trusts that in places. */
  private static void requireText(String name, String text) throws FaultFileException {
    for (int i = 0, line = 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n') {
        line++;
      } else if ((c < ' ' && c != '\t' || c == 0x7f) && !text.startsWith("\r\n", i)) {
        throw wrong(
            name, TomlPosition.positionAt(line, 1), "a control character, which TOML forbids");
      }
    }
  }

  /**
   * The number that decides what is left to chance; 0 if the file has none.
   *
   * @throws FaultFileException if it is no number
   */
  public long seed() throws FaultFileException {
    known.add(SEED);
    Object value = content.get(List.of(SEED));
    if (value == null) {
      return 0;
    }
    if (value instanceof Long number && number >= 0) {
      return number;
    }
    throw wrong(name, position(SEED), "key 'seed': write a number from 0 on");
  }

  /**
   * The tables of a kind of device, in order; each must be {@link FaultEntry#finish finished}.
   *
   * @throws FaultFileException if what has this name is no array of tables
   */
  public List<FaultEntry> entries(String device) throws FaultFileException {
    known.add(device);
    Object value = content.get(List.of(device));
    List<FaultEntry> entries = new ArrayList<>();
    if (value == null) {
      return entries;
    }
    if (!(value instanceof TomlArray array)) {
      throw noTables(device, position(device));
    }
    for (int i = 0; i < array.size(); i++) {
      if (!(array.get(i) instanceof TomlTable table)) {
        throw noTables(device, array.inputPositionOf(i));
      }
      entries.add(new FaultEntry(name, table, array.inputPositionOf(i)));
    }
    return entries;
  }

  private FaultFileException noTables(String device, TomlPosition at) {
    return wrong(
        name,
        at,
        "key '" + device + "': each fault is a table of its own, under [[" + device + "]]");
  }

  /**
   * Everybody has read what is theirs.
   *
   * @throws FaultFileException if something is left over
   */
  public void finish() throws FaultFileException {
    for (String key : content.keySet()) {
      if (!known.contains(key)) {
        throw wrong(
            name,
            position(key),
            "key '" + key + "' is unknown here; known are " + String.join(", ", known));
      }
    }
  }

  private TomlPosition position(String key) {
    return content.inputPositionOf(List.of(key));
  }

  /** One line, whatever the file has in it. */
  static FaultFileException wrong(String name, TomlPosition at, String what) {
    String line = at == null ? "" : ":" + at.line();
    return new FaultFileException(
        name + line + ": " + what.strip().replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " "));
  }
}
