package orrery.kernel.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class MasterBootRecordTest {
  private static final int BLOCK = 512;
  private static final int BLOCKS = 512;

  private final byte[] disk = new byte[BLOCK * BLOCKS];

  private static List<Partition> read(byte[] bytes, int blockSize) {
    return MasterBootRecord.read(
        PartitionTables.source(bytes), blockSize, bytes.length / blockSize);
  }

  private static Partition partition(int number, long first, long blocks) {
    return new Partition(number, first, blocks, "01020304-0" + number, "");
  }

  /** Writes one entry of the record in a block, which becomes one. */
  private void entry(int block, int index, int type, int first, int length) {
    ByteBuffer b = ByteBuffer.wrap(disk).order(ByteOrder.LITTLE_ENDIAN);
    int at = block * BLOCK;
    b.putInt(440, 0x01020304);
    b.put(at + 446 + index * 16 + 4, (byte) type);
    b.putInt(at + 446 + index * 16 + 8, first);
    b.putInt(at + 446 + index * 16 + 12, length);
    b.putShort(at + 510, (short) 0xaa55);
  }

  /** An extended partition of blocks 100 to 299 with two logical ones. */
  private void extended() {
    entry(0, 0, 0x83, 10, 20);
    entry(0, 2, 0x0f, 100, 200);
    entry(100, 0, 0x83, 1, 50);
    entry(100, 1, 0x05, 60, 90);
    entry(160, 0, 0x82, 2, 80);
  }

  @Test
  void primaryPartitionsHaveTheirEntrysNumber() {
    entry(0, 0, 0x83, 10, 20);
    entry(0, 3, 0x0c, 40, 1);
    assertEquals(List.of(partition(1, 10, 20), partition(4, 40, 1)), read(disk, BLOCK));
  }

  @Test
  void logicalPartitionsAreThoseOfTheChain() {
    extended();
    assertEquals(
        List.of(
            partition(1, 10, 20),
            partition(3, 100, 2),
            partition(5, 101, 50),
            partition(6, 162, 80)),
        read(disk, BLOCK));
  }

  @Test
  void chainThatGoesInACircleEnds() {
    extended();
    entry(160, 1, 0x05, 60, 90);
    List<Partition> found = read(disk, BLOCK);
    assertTrue(found.size() > 4 && found.size() <= 102, found.size() + " partitions");
  }

  @Test
  void garbageBehindTheSecondEntryOfALogicalRecordIsNone() {
    extended();
    entry(160, 2, 0x83, 1000, 5);
    entry(160, 3, 0x83, 2, 500);
    assertEquals(4, read(disk, BLOCK).size());
  }

  @Test
  void partitionsEndWithTheDisk() {
    entry(0, 0, 0x83, 500, 1000);
    entry(0, 1, 0x83, 600, 1);
    assertEquals(List.of(partition(1, 500, 12)), read(disk, BLOCK));
  }

  @Test
  void bootSectorsAndProtectiveRecordsAreNoTables() {
    entry(0, 0, 0x83, 10, 20);
    disk[446 + 16] = 0x41;
    assertEquals(List.of(), read(disk, BLOCK));
    disk[446 + 16] = 0;
    entry(0, 1, 0xee, 1, 511);
    assertEquals(List.of(), read(disk, BLOCK));
    entry(0, 1, 0, 0, 0);
    assertEquals(1, read(disk, BLOCK).size());
    disk[511] = 0;
    assertEquals(List.of(), read(disk, BLOCK));
  }

  @Property(tries = 500)
  void whateverTheDiskHoldsPartitionsLieOnIt(@ForAll long seed) {
    Random random = new Random(seed);
    extended();
    for (int i = random.nextInt(20); i > 0; i--) {
      int record = new int[] {0, 100, 160}[random.nextInt(3)];
      disk[record * BLOCK + 446 + random.nextInt(64)] = (byte) random.nextInt();
    }
    for (Partition p : read(disk, random.nextBoolean() ? BLOCK : 4096)) {
      assertTrue(p.first() >= 1 && p.blocks() >= 1);
      assertTrue(p.first() + p.blocks() <= BLOCKS);
    }
  }
}
