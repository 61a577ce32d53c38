package orrery.machine.fdt;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A node of a device tree that was read. Immutable once the tree is complete.
 *
 * <p>Accessors without a default throw {@link DeviceTreeException} if the property is missing; all
 * throw it if the value has not the type asked for.
 */
public final class DeviceTreeNode {
  private static final int DEFAULT_ADDRESS_CELLS = 2;
  private static final int DEFAULT_SIZE_CELLS = 1;
  private static final int MAX_CELLS = 2;

  private final DeviceTreeNode parent;
  private final String name;
  private final Map<String, byte[]> properties = new LinkedHashMap<>();
  private final Map<String, DeviceTreeNode> children = new LinkedHashMap<>();

  DeviceTreeNode(DeviceTreeNode parent, String name) {
    this.parent = parent;
    this.name = name;
  }

  boolean addProperty(String property, byte[] value) {
    return properties.putIfAbsent(property, value) == null;
  }

  boolean addChild(DeviceTreeNode child) {
    return children.putIfAbsent(child.name, child) == null;
  }

  /** An address range as a {@code reg} property states it, both in bytes. */
  public record Range(long address, long size) {}

  /** The name with its unit address; empty for the root. */
  public String name() {
    return name;
  }

  /** The parent, or null for the root. */
  public DeviceTreeNode parent() {
    return parent;
  }

  /** The full path. */
  public String path() {
    if (parent == null) {
      return "/";
    }
    String above = parent.path();
    return parent.parent == null ? above + name : above + "/" + name;
  }

  /** The children in the tree's order. */
  public Iterable<DeviceTreeNode> children() {
    return Collections.unmodifiableCollection(children.values());
  }

  /**
   * The child of this name; without a unit address, the first whose name differs by it only; or
   * null.
   */
  public DeviceTreeNode child(String wanted) {
    DeviceTreeNode exact = children.get(wanted);
    if (exact != null || wanted.indexOf('@') >= 0) {
      return exact;
    }
    for (DeviceTreeNode child : children.values()) {
      int at = child.name.indexOf('@');
      if (at == wanted.length() && child.name.startsWith(wanted)) {
        return child;
      }
    }
    return null;
  }

  /** The properties' names in the tree's order. */
  public Iterable<String> properties() {
    return Collections.unmodifiableSet(properties.keySet());
  }

  /** Whether the property is there, with or without a value. */
  public boolean has(String property) {
    return properties.containsKey(property);
  }

  /** The property's bytes (a copy). */
  public byte[] bytes(String property) {
    return value(property).clone();
  }

  /** One 32-bit cell. */
  public int u32(String property) {
    byte[] value = value(property);
    check(property, value.length == Integer.BYTES, "one 32-bit number");
    return cell(value, 0);
  }

  /** One 32-bit cell, or the default if the property is missing. */
  public int u32(String property, int otherwise) {
    return has(property) ? u32(property) : otherwise;
  }

  /** A number of one or two cells: 64 bits, or 32 zero-extended, as Linux writes either. */
  public long u64(String property) {
    byte[] value = value(property);
    check(
        property,
        value.length == Integer.BYTES || value.length == Long.BYTES,
        "one number of 32 or 64 bits");
    return number(value, 0, value.length / Integer.BYTES);
  }

  /** All 32-bit cells. */
  public int[] cells(String property) {
    byte[] value = value(property);
    check(property, value.length % Integer.BYTES == 0, "32-bit numbers");
    int[] cells = new int[value.length / Integer.BYTES];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = cell(value, i);
    }
    return cells;
  }

  /** One string. */
  public String string(String property) {
    List<String> strings = strings(property);
    check(property, strings.size() == 1, "one string");
    return strings.getFirst();
  }

  /** One string, or the default if the property is missing. */
  public String string(String property, String otherwise) {
    return has(property) ? string(property) : otherwise;
  }

  /** A list of strings, decoded as UTF-8. */
  public List<String> strings(String property) {
    byte[] value = value(property);
    check(property, value.length == 0 || value[value.length - 1] == 0, "strings that end");
    List<String> strings = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < value.length; i++) {
      if (value[i] == 0) {
        strings.add(new String(value, start, i - start, StandardCharsets.UTF_8));
        start = i + 1;
      }
    }
    return strings;
  }

  /** Whether the {@code compatible} list names {@code model}. */
  public boolean compatible(String model) {
    return has("compatible") && strings("compatible").contains(model);
  }

  /** The {@code index}-th range of {@code reg}, by the parent's cell counts. */
  public Range reg(int index) {
    byte[] value = value("reg");
    int addressCells = cellCount("#address-cells", DEFAULT_ADDRESS_CELLS);
    int sizeCells = cellCount("#size-cells", DEFAULT_SIZE_CELLS);
    int stride = (addressCells + sizeCells) * Integer.BYTES;
    check(
        "reg",
        index >= 0 && stride > 0 && value.length % stride == 0 && index < value.length / stride,
        "a range number " + index);
    int at = index * (addressCells + sizeCells);
    return new Range(number(value, at, addressCells), number(value, at + addressCells, sizeCells));
  }

  private int cellCount(String property, int otherwise) {
    int count = parent == null ? otherwise : parent.u32(property, otherwise);
    check("reg", count >= 0 && count <= MAX_CELLS, "addresses and sizes of at most 64 bits");
    return count;
  }

  private byte[] value(String property) {
    byte[] value = properties.get(property);
    if (value == null) {
      throw new DeviceTreeException("device tree: " + path() + " has no " + property);
    }
    return value;
  }

  private void check(String property, boolean holds, String expected) {
    if (!holds) {
      throw new DeviceTreeException(
          "device tree: " + property + " of " + path() + " does not hold " + expected);
    }
  }

  private static long number(byte[] value, int cell, int cells) {
    long number = 0;
    for (int i = 0; i < cells; i++) {
      number = number << Integer.SIZE | Integer.toUnsignedLong(cell(value, cell + i));
    }
    return number;
  }

  private static int cell(byte[] value, int index) {
    return BigEndian.word(value, index * Integer.BYTES);
  }
}
