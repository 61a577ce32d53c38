package orrery.kernel.disk;

import static java.nio.charset.StandardCharsets.UTF_16LE;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/**
 * Reads a GUID partition table. Source: UEFI Specification 2.10, section 5.2.3 (protective MBR) and
 * 5.3 (GPT disk layout). Nothing of it is believed: what does not fit is no table, or no partition.
 */
final class GuidPartitionTable {
  /** Reads bytes of a disk. */
  @FunctionalInterface
  interface Source {
    /** Fills {@code to} from {@code offset} on; false if that cannot be. */
    boolean read(long offset, byte[] to);
  }

  /** More partitions than that are not looked at. */
  static final int MOST = 128;

  private static final long SIGNATURE = 0x5452_4150_2049_4645L; // "EFI PART"
  private static final int MIN_HEADER = 92;
  private static final int ENTRY = 128;
  private static final int MAX_ENTRIES_BYTES = 1 << 20;

  // header
  private static final int HEADER_SIZE = 12;
  private static final int HEADER_CRC = 16;
  private static final int MY_LBA = 24;
  private static final int FIRST_USABLE = 40;
  private static final int LAST_USABLE = 48;
  private static final int ENTRIES_LBA = 72;
  private static final int ENTRY_COUNT = 80;
  private static final int ENTRY_SIZE = 84;
  private static final int ENTRIES_CRC = 88;

  // entry
  private static final int ENTRY_ID = 16;
  private static final int ENTRY_FIRST = 32;
  private static final int ENTRY_LAST = 40;
  private static final int ENTRY_NAME = 56;
  private static final int NAME_CHARS = 36;

  // master boot record
  private static final int MBR_SIZE = 512;
  private static final int MBR_PARTITIONS = 446;
  private static final int MBR_PARTITION_SIZE = 16;
  private static final int MBR_TYPE = 4;
  private static final int MBR_PROTECTIVE = 0xee;
  private static final int MBR_SIGNATURE = 510;

  private final Source source;
  private final int blockSize;
  private final long blocks;

  private GuidPartitionTable(Source source, int blockSize, long blocks) {
    this.source = source;
    this.blockSize = blockSize;
    this.blocks = blocks;
  }

  /**
   * The partitions of a disk; none if it has no such table.
   *
   * @param blocks of the disk
   */
  static List<Partition> read(Source source, int blockSize, long blocks) {
    return new GuidPartitionTable(source, blockSize, blocks).partitions();
  }

  private List<Partition> partitions() {
    if (blocks < 2 || !hasProtectiveRecord()) {
      return List.of();
    }
    List<Partition> found = fromHeader(1);
    if (found == null) {
      found = fromHeader(blocks - 1);
    }
    return found == null ? List.of() : found;
  }

  private boolean hasProtectiveRecord() {
    byte[] record = new byte[MBR_SIZE];
    if (!source.read(0, record)
        || (record[MBR_SIGNATURE] & 0xff) != 0x55
        || (record[MBR_SIGNATURE + 1] & 0xff) != 0xaa) {
      return false;
    }
    for (int i = 0; i < 4; i++) {
      int type = record[MBR_PARTITIONS + i * MBR_PARTITION_SIZE + MBR_TYPE] & 0xff;
      if (type == MBR_PROTECTIVE) {
        return true;
      }
    }
    return false;
  }

  /** The partitions that the header in that block leads to; null if there is no valid one. */
  private List<Partition> fromHeader(long block) {
    byte[] bytes = new byte[blockSize];
    if (!source.read(block * blockSize, bytes)) {
      return null;
    }
    ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int size = header.getInt(HEADER_SIZE);
    if (header.getLong(0) != SIGNATURE || size < MIN_HEADER || size > blockSize) {
      return null;
    }
    int crc = header.getInt(HEADER_CRC);
    header.putInt(HEADER_CRC, 0);
    if (crc(bytes, size) != crc || header.getLong(MY_LBA) != block) {
      return null;
    }
    long first = header.getLong(FIRST_USABLE);
    long last = header.getLong(LAST_USABLE);
    int count = header.getInt(ENTRY_COUNT);
    int entrySize = header.getInt(ENTRY_SIZE);
    long entries = header.getLong(ENTRIES_LBA);
    if (first < 0
        || last < first
        || last >= blocks
        || entrySize < ENTRY
        || Integer.bitCount(entrySize) != 1
        || count < 0
        || (long) count * entrySize > MAX_ENTRIES_BYTES
        || entries < 1
        || entries >= blocks) {
      return null;
    }
    byte[] table = new byte[count * entrySize];
    if (!source.read(entries * blockSize, table)
        || crc(table, table.length) != header.getInt(ENTRIES_CRC)) {
      return null;
    }
    return fromEntries(
        ByteBuffer.wrap(table).order(ByteOrder.LITTLE_ENDIAN), count, entrySize, last);
  }

  private static List<Partition> fromEntries(ByteBuffer table, int count, int size, long last) {
    List<Partition> found = new ArrayList<>();
    for (int i = 0; i < Math.min(count, MOST); i++) {
      int at = i * size;
      long from = table.getLong(at + ENTRY_FIRST);
      long to = table.getLong(at + ENTRY_LAST);
      boolean unused = (table.getLong(at) | table.getLong(at + Long.BYTES)) == 0;
      if (!unused && from >= 1 && to >= from && to <= last) {
        found.add(
            new Partition(i + 1, from, to - from + 1, guid(table, at + ENTRY_ID), name(table, at)));
      }
    }
    return found;
  }

  /** As text: the first three fields are little-endian (UEFI, appendix A). */
  private static String guid(ByteBuffer b, int at) {
    long tail = Long.reverseBytes(b.getLong(at + 8));
    return String.format(
        "%08x-%04x-%04x-%04x-%012x",
        b.getInt(at),
        b.getShort(at + 4),
        b.getShort(at + 6),
        tail >>> 48,
        tail & 0xffff_ffff_ffffL);
  }

  private static String name(ByteBuffer b, int at) {
    String text = new String(b.array(), at + ENTRY_NAME, NAME_CHARS * 2, UTF_16LE);
    int end = text.indexOf(0);
    return end < 0 ? text : text.substring(0, end);
  }

  private static int crc(byte[] bytes, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }
}
