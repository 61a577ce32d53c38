package orrery.machine.fdt;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a flattened device tree, version 17 (Devicetree Specification v0.4, section 5), in the
 * order of the calls: {@link #beginNode}, its properties, its children, {@link #endNode}.
 *
 * <p>Calls that no tree allows (a property after a child, an unknown end) throw {@link
 * IllegalStateException}; text that holds a NUL throws {@link IllegalArgumentException}.
 */
public final class DeviceTreeBuilder {
  private final ByteSink structure = new ByteSink();
  private final ByteSink strings = new ByteSink();
  private final ByteSink reservations = new ByteSink();
  private final Map<String, Integer> stringOffsets = new HashMap<>();
  private int depth;
  private boolean propertiesAllowed;
  private boolean complete;

  /** A tree whose root node is open. */
  public DeviceTreeBuilder() {
    open("");
  }

  /** Opens a child of the current node, named with its unit address if it has one. */
  public DeviceTreeBuilder beginNode(String name) {
    if (name.isEmpty() || name.indexOf('/') >= 0) {
      throw new IllegalArgumentException("no name for a node: '" + name + "'");
    }
    if (depth == 0) {
      throw new IllegalStateException("the root node is closed");
    }
    open(name);
    return this;
  }

  /** Closes the current node. */
  public DeviceTreeBuilder endNode() {
    if (depth == 0) {
      throw new IllegalStateException("no node is open");
    }
    structure.word(FlatFormat.END_NODE);
    depth--;
    propertiesAllowed = false;
    return this;
  }

  /** A property without a value: its presence is its meaning. */
  public DeviceTreeBuilder flag(String name) {
    return bytes(name, new byte[0]);
  }

  /** A property of 32-bit cells. */
  public DeviceTreeBuilder cells(String name, int... values) {
    beginProperty(name, values.length * Integer.BYTES);
    for (int value : values) {
      structure.word(value);
    }
    return this;
  }

  /** A property of 64-bit values, each two cells: also {@code reg} where both cell counts are 2. */
  public DeviceTreeBuilder longs(String name, long... values) {
    beginProperty(name, values.length * Long.BYTES);
    for (long value : values) {
      structure.word((int) (value >>> Integer.SIZE));
      structure.word((int) value);
    }
    return this;
  }

  /** A property of one string, encoded as UTF-8. */
  public DeviceTreeBuilder string(String name, String value) {
    return strings(name, List.of(value));
  }

  /** A property of a list of strings, encoded as UTF-8. */
  public DeviceTreeBuilder strings(String name, List<String> values) {
    ByteSink value = new ByteSink();
    for (String text : values) {
      value.bytes(encode(text));
      value.zero();
    }
    return bytes(name, value.toArray());
  }

  /** A property of any bytes. */
  public DeviceTreeBuilder bytes(String name, byte[] value) {
    beginProperty(name, value.length);
    structure.bytes(value);
    structure.align(FlatFormat.TOKEN_ALIGNMENT);
    return this;
  }

  /** Reserves memory: the guest must not use these bytes (section 5.3). */
  public DeviceTreeBuilder reserve(long address, long size) {
    reservations.word((int) (address >>> Integer.SIZE));
    reservations.word((int) address);
    reservations.word((int) (size >>> Integer.SIZE));
    reservations.word((int) size);
    return this;
  }

  /**
   * Closes the root node and returns the blob.
   *
   * @throws IllegalStateException if another node than the root is open or this was called before
   */
  public byte[] build() {
    if (complete || depth != 1) {
      throw new IllegalStateException(complete ? "already built" : "a node is not closed");
    }
    complete = true;
    endNode();
    structure.word(FlatFormat.END);
    reserve(0, 0);

    int reservationsAt = FlatFormat.HEADER_SIZE;
    int structureAt = reservationsAt + reservations.size();
    int stringsAt = structureAt + structure.size();
    int total = stringsAt + strings.size();
    ByteSink header = new ByteSink();
    header.word(FlatFormat.MAGIC);
    header.word(total);
    header.word(structureAt);
    header.word(stringsAt);
    header.word(reservationsAt);
    header.word(FlatFormat.VERSION);
    header.word(FlatFormat.LAST_COMPATIBLE_VERSION);
    header.word(0); // the boot CPU's physical id
    header.word(strings.size());
    header.word(structure.size());

    byte[] blob = new byte[total];
    header.copyTo(blob, 0);
    reservations.copyTo(blob, reservationsAt);
    structure.copyTo(blob, structureAt);
    strings.copyTo(blob, stringsAt);
    return blob;
  }

  private void open(String name) {
    structure.word(FlatFormat.BEGIN_NODE);
    structure.bytes(encode(name));
    structure.zero();
    structure.align(FlatFormat.TOKEN_ALIGNMENT);
    depth++;
    propertiesAllowed = true;
  }

  private void beginProperty(String name, int length) {
    if (!propertiesAllowed) {
      throw new IllegalStateException("property " + name + " after the node's children");
    }
    if (name.isEmpty()) {
      throw new IllegalArgumentException("a property needs a name");
    }
    structure.word(FlatFormat.PROPERTY);
    structure.word(length);
    structure.word(nameOffset(name));
  }

  private int nameOffset(String name) {
    Integer known = stringOffsets.get(name);
    if (known != null) {
      return known;
    }
    int offset = strings.size();
    strings.bytes(encode(name));
    strings.zero();
    stringOffsets.put(name, offset);
    return offset;
  }

  private static byte[] encode(String text) {
    if (text.indexOf(0) >= 0) {
      throw new IllegalArgumentException("text in a device tree cannot hold a NUL");
    }
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
