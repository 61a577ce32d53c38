package orrery.machine.fdt;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads a flattened tree with every offset and length checked: the bytes may be anything. */
final class DeviceTreeParser {
  private static final int MAX_DEPTH = 64;

  private final byte[] blob;
  private int position;
  private int end;
  private int stringsAt;
  private int stringsEnd;

  DeviceTreeParser(byte[] blob) {
    this.blob = blob;
  }

  /** The header's total size, checked against what is there. */
  static int totalSize(byte[] header, long available) {
    if (available < FlatFormat.HEADER_SIZE) {
      throw new DeviceTreeException("device tree: " + available + " bytes are no header");
    }
    int magic = BigEndian.word(header, FlatFormat.MAGIC_OFFSET);
    if (magic != FlatFormat.MAGIC) {
      throw new DeviceTreeException(
          "device tree: magic number 0x" + Integer.toHexString(magic) + " instead of 0xd00dfeed");
    }
    int size = BigEndian.word(header, FlatFormat.TOTAL_SIZE_OFFSET);
    if (size < FlatFormat.HEADER_SIZE || size > FlatFormat.MAX_SIZE || size > available) {
      throw new DeviceTreeException(
          "device tree: a total size of " + Integer.toUnsignedLong(size) + " bytes is impossible");
    }
    return size;
  }

  DeviceTree parse() {
    int total = totalSize(blob, blob.length);
    int version = header(FlatFormat.VERSION_OFFSET);
    if (version < FlatFormat.VERSION
        || header(FlatFormat.LAST_COMPATIBLE_VERSION_OFFSET) > FlatFormat.VERSION) {
      throw new DeviceTreeException("device tree: version " + version + " is not understood");
    }
    position = header(FlatFormat.STRUCTURE_OFFSET);
    end = blockEnd("structure", position, header(FlatFormat.STRUCTURE_SIZE_OFFSET), total);
    if (position % FlatFormat.TOKEN_ALIGNMENT != 0) {
      throw malformed("the structure block is not aligned");
    }
    stringsAt = header(FlatFormat.STRINGS_OFFSET);
    stringsEnd = blockEnd("strings", stringsAt, header(FlatFormat.STRINGS_SIZE_OFFSET), total);
    return structure();
  }

  private DeviceTree structure() {
    List<DeviceTreeNode> nodes = new ArrayList<>();
    DeviceTreeNode root = null;
    DeviceTreeNode current = null;
    int depth = 0;
    for (; ; ) {
      int token = word();
      switch (token) {
        case FlatFormat.BEGIN_NODE -> {
          DeviceTreeNode node = new DeviceTreeNode(current, nodeName());
          if (current == null) {
            if (root != null || !node.name().isEmpty()) {
              throw malformed("a second root or a root with a name");
            }
            root = node;
          } else if (node.name().isEmpty() || !current.addChild(node)) {
            throw malformed("a node without a name, or two of one name, in " + current.path());
          }
          if (++depth > MAX_DEPTH) {
            throw malformed("nodes are nested deeper than " + MAX_DEPTH);
          }
          nodes.add(node);
          current = node;
        }
        case FlatFormat.END_NODE -> {
          if (current == null) {
            throw malformed("a node ends that did not begin");
          }
          current = current.parent();
          depth--;
        }
        case FlatFormat.PROPERTY -> property(current);
        case FlatFormat.NOP -> {}
        case FlatFormat.END -> {
          if (root == null || current != null) {
            throw malformed("the tree ends inside a node");
          }
          return new DeviceTree(root, List.copyOf(nodes));
        }
        default -> throw malformed("unknown token 0x" + Integer.toHexString(token));
      }
    }
  }

  private void property(DeviceTreeNode node) {
    int length = word();
    int nameOffset = word();
    if (node == null) {
      throw malformed("a property outside of nodes");
    }
    if (length < 0 || length > end - position) {
      throw malformed("a property of " + node.path() + " is longer than the tree");
    }
    String name = propertyName(nameOffset);
    if (!node.addProperty(name, Arrays.copyOfRange(blob, position, position + length))) {
      throw malformed("two properties " + name + " in " + node.path());
    }
    position += length;
    align();
  }

  private String nodeName() {
    int terminator = terminator(position, end);
    if (terminator < 0) {
      throw malformed("a node's name does not end");
    }
    String name = text(position, terminator);
    if (name.indexOf('/') >= 0) {
      throw malformed("a node's name holds a slash");
    }
    position = terminator + 1;
    align();
    return name;
  }

  private String propertyName(int offset) {
    if (offset < 0 || offset >= stringsEnd - stringsAt) {
      throw malformed("a property's name lies outside of the strings");
    }
    int terminator = terminator(stringsAt + offset, stringsEnd);
    if (terminator <= stringsAt + offset) {
      throw malformed("a property's name is empty or does not end");
    }
    return text(stringsAt + offset, terminator);
  }

  private int terminator(int from, int limit) {
    for (int i = from; i < limit; i++) {
      if (blob[i] == 0) {
        return i;
      }
    }
    return -1;
  }

  private String text(int from, int to) {
    return new String(blob, from, to - from, StandardCharsets.UTF_8);
  }

  private int word() {
    if (end - position < Integer.BYTES) {
      throw malformed("the structure block ends without its end token");
    }
    int word = BigEndian.word(blob, position);
    position += Integer.BYTES;
    return word;
  }

  /** May leave the position behind the end; {@link #word} notices. */
  private void align() {
    position = position + FlatFormat.TOKEN_ALIGNMENT - 1 & -FlatFormat.TOKEN_ALIGNMENT;
  }

  private int header(int offset) {
    return BigEndian.word(blob, offset);
  }

  private static int blockEnd(String block, int at, int size, int total) {
    if (at < FlatFormat.HEADER_SIZE || at > total || size < 0 || size > total - at) {
      throw new DeviceTreeException("device tree: the " + block + " block lies outside of it");
    }
    return at + size;
  }

  private DeviceTreeException malformed(String what) {
    return new DeviceTreeException("device tree: " + what + " (at byte " + position + ")");
  }
}
