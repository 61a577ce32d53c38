package orrery.kernel.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class GuidPartitionTableTest {
  private static final int BLOCK = 512;
  private static final int BLOCKS = 512;

  private final byte[] disk = new byte[BLOCK * BLOCKS];

  private List<Partition> read(byte[] bytes, int blockSize) {
    return GuidPartitionTable.read(
        PartitionTables.source(bytes), blockSize, bytes.length / blockSize);
  }

  @Test
  void partitionsHaveTheirPlaceIdentifierAndName() {
    PartitionTables.write(disk, BLOCK, new long[] {40, 79}, new long[] {100, 100});
    assertEquals(
        List.of(
            new Partition(1, 40, 40, "00112233-2233-4455-0011-223344556677", "part0"),
            new Partition(2, 100, 1, "00112234-2233-4455-0011-223344556677", "part1")),
        read(disk, BLOCK));
  }

  @Test
  void blocksOfFourKibibytesAreNoDifferent() {
    byte[] large = new byte[4096 * 64];
    PartitionTables.write(large, 4096, new long[] {8, 20});
    assertEquals(13, read(large, 4096).getFirst().blocks());
  }

  @Test
  void secondTableServesIfTheFirstIsDamaged() {
    PartitionTables.write(disk, BLOCK, new long[] {40, 79});
    disk[BLOCK + 60]++;
    assertEquals(1, read(disk, BLOCK).size());
    disk[BLOCK + 60]--;
    disk[2 * BLOCK + 32]++; // the list's checksum is wrong then
    assertEquals(40, read(disk, BLOCK).getFirst().first());
  }

  @Test
  void withoutAValidTableThereAreNoPartitions() {
    assertEquals(List.of(), read(disk, BLOCK));
    PartitionTables.write(disk, BLOCK, new long[] {40, 79});
    disk[BLOCK + 60]++;
    disk[(BLOCKS - 1) * BLOCK + 60]++;
    assertEquals(List.of(), read(disk, BLOCK));
  }

  @Test
  void tableWithoutItsProtectiveRecordIsNone() {
    PartitionTables.write(disk, BLOCK, new long[] {40, 79});
    disk[446 + 4] = (byte) 0x83;
    assertEquals(List.of(), read(disk, BLOCK));
  }

  @Test
  void partitionsThatDoNotFitAreLeftOut() {
    PartitionTables.write(
        disk,
        BLOCK,
        new long[] {40, 5000},
        new long[] {50, 49},
        new long[] {-1, 60},
        new long[] {60, Long.MAX_VALUE},
        new long[] {40, 41});
    List<Partition> found = read(disk, BLOCK);
    assertEquals(1, found.size());
    assertEquals(5, found.getFirst().number());
  }

  @Property(tries = 500)
  void whateverTheDiskHoldsPartitionsLieOnIt(@ForAll long seed) {
    Random random = new Random(seed);
    byte[] bytes = new byte[BLOCK * (2 + random.nextInt(BLOCKS))];
    if (bytes.length > BLOCK * 100) {
      PartitionTables.write(bytes, BLOCK, new long[] {40, 41});
    }
    for (int i = random.nextInt(30); i > 0; i--) {
      int at = random.nextInt(Math.min(bytes.length, BLOCK * 40));
      bytes[at] = (byte) random.nextInt();
    }
    for (Partition p : read(bytes, BLOCK)) {
      assertTrue(p.first() >= 1 && p.blocks() >= 1);
      assertTrue(p.first() + p.blocks() <= bytes.length / BLOCK);
    }
  }
}
