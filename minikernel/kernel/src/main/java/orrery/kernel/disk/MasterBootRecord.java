package orrery.kernel.disk;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the partition table of a master boot record, with the logical partitions of an extended
 * one. Source: UEFI Specification 2.10, section 5.2.1 (legacy MBR); for the chain of logical
 * partitions, which no standard describes, Linux {@code block/partitions/msdos.c}. Nothing of it is
 * believed: what does not fit is no table, or no partition.
 */
final class MasterBootRecord {
  /** The number of the first logical partition. */
  private static final int FIRST_LOGICAL = 5;

  /** More records of logical partitions than that are not looked at: they may go in a circle. */
  private static final int MOST_RECORDS = 100;

  private static final int SIZE = 512;
  private static final int DISK_ID = 440;
  private static final int ENTRIES = 446;
  private static final int ENTRY_SIZE = 16;
  private static final int ENTRY_COUNT = 4;
  private static final int SIGNATURE_AT = 510;
  private static final int SIGNATURE = 0xaa55;
  private static final int BYTE_MASK = 0xff;
  private static final int WORD_MASK = 0xffff;
  private static final int ACTIVE = 0x80;

  // an entry
  private static final int TYPE = 4;
  private static final int FIRST = 8;
  private static final int BLOCKS = 12;

  // types
  private static final int EXTENDED = 0x05;
  private static final int EXTENDED_LBA = 0x0f;
  private static final int EXTENDED_LINUX = 0x85;
  private static final int PROTECTIVE = 0xee;

  private final GuidPartitionTable.Source source;
  private final int blockSize;
  private final long blocks;
  private final List<Partition> found = new ArrayList<>();
  private int diskId;

  private MasterBootRecord(GuidPartitionTable.Source source, int blockSize, long blocks) {
    this.source = source;
    this.blockSize = blockSize;
    this.blocks = blocks;
  }

  /**
   * The partitions of a disk; none if it has no such table, or one that protects another.
   *
   * @param blocks of the disk
   */
  static List<Partition> read(GuidPartitionTable.Source source, int blockSize, long blocks) {
    MasterBootRecord record = new MasterBootRecord(source, blockSize, blocks);
    record.readPrimaries();
    return record.found;
  }

  /** The record in a block; null if there is none. */
  private ByteBuffer record(long block) {
    byte[] bytes = new byte[SIZE];
    if (block >= blocks || !source.read(block * blockSize, bytes)) {
      return null;
    }
    ByteBuffer record = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    return (record.getShort(SIGNATURE_AT) & WORD_MASK) == SIGNATURE ? record : null;
  }

  private static int type(ByteBuffer record, int i) {
    return record.get(ENTRIES + i * ENTRY_SIZE + TYPE) & BYTE_MASK;
  }

  private static long first(ByteBuffer record, int i) {
    return Integer.toUnsignedLong(record.getInt(ENTRIES + i * ENTRY_SIZE + FIRST));
  }

  private static long length(ByteBuffer record, int i) {
    return Integer.toUnsignedLong(record.getInt(ENTRIES + i * ENTRY_SIZE + BLOCKS));
  }

  private static boolean isExtended(ByteBuffer record, int i) {
    int type = type(record, i);
    return type == EXTENDED || type == EXTENDED_LBA || type == EXTENDED_LINUX;
  }

  private void readPrimaries() {
    ByteBuffer record = record(0);
    if (record == null) {
      return;
    }
    for (int i = 0; i < ENTRY_COUNT; i++) {
      int flag = record.get(ENTRIES + i * ENTRY_SIZE) & BYTE_MASK;
      if (flag != 0 && flag != ACTIVE || type(record, i) == PROTECTIVE) {
        return; // the boot sector of a file system, or there is a GUID partition table
      }
    }
    diskId = record.getInt(DISK_ID);
    int logical = FIRST_LOGICAL;
    for (int i = 0; i < ENTRY_COUNT; i++) {
      long length = length(record, i);
      if (length > 0 && isExtended(record, i)) {
        // What begins it is for who installs a boot loader there.
        add(i + 1, first(record, i), Math.min(length, Math.max(1, 2 * SIZE / blockSize)));
        logical = readLogicals(first(record, i), length, logical);
      } else if (length > 0) {
        add(i + 1, first(record, i), length);
      }
    }
    found.sort((a, b) -> Integer.compare(a.number(), b.number()));
  }

  /** Reads the chain of records of an extended partition; the number after the last one. */
  private int readLogicals(long start, long size, int from) {
    int number = from;
    long at = start;
    long here = size;
    for (int i = 0; i < MOST_RECORDS; i++) {
      ByteBuffer record = record(at);
      if (record == null) {
        return number;
      }
      int next = -1;
      for (int e = 0; e < ENTRY_COUNT; e++) {
        long length = length(record, e);
        if (length == 0) {
          continue;
        }
        if (isExtended(record, e)) {
          next = next < 0 ? e : next;
        } else if (e < 2 || lies(at + first(record, e), length, at, here, start, size)) {
          number += add(number, at + first(record, e), length) ? 1 : 0;
        }
      }
      if (next < 0) {
        return number;
      }
      here = length(record, next);
      at = start + first(record, next);
    }
    return number;
  }

  /** The third and fourth entry of a record often are garbage: they must lie where they belong. */
  private static boolean lies(long first, long length, long at, long here, long start, long size) {
    return first - at + length <= here && first >= start && first + length <= start + size;
  }

  private boolean add(int number, long first, long length) {
    if (first < 1 || first >= blocks) {
      return false;
    }
    String id = String.format("%08x-%02x", diskId, number);
    found.add(new Partition(number, first, Math.min(length, blocks - first), id, ""));
    return true;
  }
}
