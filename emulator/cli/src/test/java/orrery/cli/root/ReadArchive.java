package orrery.cli.root;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** A reader of the cpio format of its own, written after the kernel's description of it. */
record ReadArchive(Map<String, Item> items, int length) {
  record Item(int inode, int mode, int links, long modified, byte[] content, int contentAt) {}

  static ReadArchive of(byte[] archive) {
    Map<String, Item> items = new LinkedHashMap<>();
    int at = 0;
    while (true) {
      if (!new String(archive, at, 6, StandardCharsets.US_ASCII).equals("070701")) {
        throw new AssertionError("no entry at " + at);
      }
      int[] fields = new int[13];
      for (int i = 0; i < fields.length; i++) {
        String digits = new String(archive, at + 6 + 8 * i, 8, StandardCharsets.US_ASCII);
        fields[i] = Integer.parseUnsignedInt(digits, 16);
      }
      int nameAt = at + 110;
      int nameSize = fields[11];
      int nameEnd = nameAt;
      while (archive[nameEnd] != 0) {
        nameEnd++;
      }
      for (int i = nameEnd; i < nameAt + nameSize; i++) {
        if (archive[i] != 0) {
          throw new AssertionError("the name's padding is not zero");
        }
      }
      String name = new String(archive, nameAt, nameEnd - nameAt, StandardCharsets.UTF_8);
      int contentAt = nameAt + nameSize + 3 & -4;
      int contentEnd = contentAt + fields[6];
      at = contentEnd + 3 & -4;
      if (name.equals("TRAILER!!!")) {
        return new ReadArchive(items, at);
      }
      byte[] content = Arrays.copyOfRange(archive, contentAt, contentEnd);
      items.put(name, new Item(fields[0], fields[1], fields[4], fields[5], content, contentAt));
    }
  }
}
