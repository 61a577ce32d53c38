package orrery.kernel.disk;

import static java.nio.charset.StandardCharsets.UTF_16LE;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;

/** Writes GUID partition tables, and reads disks, for tests. */
final class PartitionTables {
  private static final int ENTRIES = 128;
  private static final int ENTRY = 128;

  private PartitionTables() {}

  /** Reads a disk that is in memory. */
  static GuidPartitionTable.Source source(byte[] disk) {
    return (offset, to) -> {
      if (offset < 0 || offset > disk.length - to.length) {
        return false;
      }
      System.arraycopy(disk, (int) offset, to, 0, to.length);
      return true;
    };
  }

  /**
   * Puts a table on a disk: protective record, both headers, both lists.
   *
   * @param parts first and last block of each partition
   */
  static void write(byte[] disk, int blockSize, long[]... parts) {
    ByteBuffer b = ByteBuffer.wrap(disk).order(ByteOrder.LITTLE_ENDIAN);
    int blocks = disk.length / blockSize;
    int listBlocks = ENTRIES * ENTRY / blockSize;
    b.put(446 + 4, (byte) 0xee);
    b.putInt(446 + 8, 1);
    b.putInt(446 + 12, blocks - 1);
    b.putShort(510, (short) 0xaa55);
    byte[] list = new byte[ENTRIES * ENTRY];
    ByteBuffer entries = ByteBuffer.wrap(list).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < parts.length; i++) {
      int at = i * ENTRY;
      entries.putLong(at, 0x1122334455667788L);
      entries.putLong(at + 16, 0x4455_2233_0011_2233L + i);
      entries.putLong(at + 24, 0x7766_5544_3322_1100L);
      entries.putLong(at + 32, parts[i][0]);
      entries.putLong(at + 40, parts[i][1]);
      byte[] name = ("part" + i).getBytes(UTF_16LE);
      entries.put(at + 56, name);
    }
    b.put(2 * blockSize, list);
    b.put((blocks - 1 - listBlocks) * blockSize, list);
    header(b, blockSize, blocks, 1, blocks - 1, 2, list);
    header(b, blockSize, blocks, blocks - 1, 1, blocks - 1 - listBlocks, list);
  }

  private static void header(
      ByteBuffer b, int blockSize, int blocks, int at, int other, int listAt, byte[] list) {
    int o = at * blockSize;
    int listBlocks = ENTRIES * ENTRY / blockSize;
    b.putLong(o, 0x5452_4150_2049_4645L);
    b.putInt(o + 8, 0x10000);
    b.putInt(o + 12, 92);
    b.putInt(o + 16, 0);
    b.putLong(o + 24, at);
    b.putLong(o + 32, other);
    b.putLong(o + 40, 2 + listBlocks);
    b.putLong(o + 48, blocks - 2 - listBlocks);
    b.putLong(o + 72, listAt);
    b.putInt(o + 80, ENTRIES);
    b.putInt(o + 84, ENTRY);
    b.putInt(o + 88, crc(list, 0, list.length));
    b.putInt(o + 16, crc(b.array(), o, 92));
  }

  private static int crc(byte[] bytes, int at, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes, at, length);
    return (int) crc.getValue();
  }
}
