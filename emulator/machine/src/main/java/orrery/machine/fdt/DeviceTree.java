package orrery.machine.fdt;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** A device tree that was read from its flattened form. Immutable, so any thread may use it. */
public final class DeviceTree {
  private final DeviceTreeNode root;
  private final List<DeviceTreeNode> nodes;

  DeviceTree(DeviceTreeNode root, List<DeviceTreeNode> nodes) {
    this.root = root;
    this.nodes = nodes;
  }

  /**
   * Reads a tree.
   *
   * @param blob starts with the header; bytes behind the tree are ignored
   * @throws DeviceTreeException if it is malformed, says where
   */
  public static DeviceTree parse(byte[] blob) {
    return new DeviceTreeParser(blob).parse();
  }

  /**
   * Reads a tree that lies in memory, such as a guest's RAM; the memory is copied first, so that
   * nobody can change it meanwhile.
   *
   * @throws DeviceTreeException if it is malformed, says where
   */
  public static DeviceTree parse(MemorySegment memory) {
    long length = Math.min(memory.byteSize(), FlatFormat.HEADER_SIZE);
    byte[] header = memory.asSlice(0, length).toArray(JAVA_BYTE);
    int size = DeviceTreeParser.totalSize(header, memory.byteSize());
    return parse(memory.asSlice(0, size).toArray(JAVA_BYTE));
  }

  /** The root node. */
  public DeviceTreeNode root() {
    return root;
  }

  /**
   * The node at a path such as {@code /soc/serial@9000000}; unit addresses may be left out where
   * the first match is meant. Null if there is none.
   */
  public DeviceTreeNode node(String path) {
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException("no path from the root: " + path);
    }
    DeviceTreeNode node = root;
    int start = 1;
    while (node != null && start < path.length()) {
      int end = path.indexOf('/', start);
      if (end < 0) {
        end = path.length();
      }
      node = node.child(path.substring(start, end));
      start = end + 1;
    }
    return node;
  }

  /** All nodes whose {@code compatible} list names {@code model}, in the tree's order. */
  public List<DeviceTreeNode> compatible(String model) {
    List<DeviceTreeNode> found = new ArrayList<>();
    for (DeviceTreeNode node : nodes) {
      if (node.compatible(model)) {
        found.add(node);
      }
    }
    return found;
  }
}
