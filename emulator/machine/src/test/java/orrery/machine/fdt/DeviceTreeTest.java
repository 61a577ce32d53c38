package orrery.machine.fdt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeviceTreeTest {
  private static byte[] sample() {
    return new DeviceTreeBuilder()
        .cells("#address-cells", 2)
        .cells("#size-cells", 2)
        .string("model", "a machine")
        .beginNode("chosen")
        .string("bootargs", "")
        .longs("linux,initrd-start", 0x1_2345_6789L)
        .cells("linux,initrd-end", 0x89abcdef)
        .strings("orrery,argv", List.of("echo", "", "größer"))
        .flag("orrery,quiet")
        .endNode()
        .beginNode("serial@9000000")
        .strings("compatible", List.of("arm,pl011", "arm,primecell"))
        .longs("reg", 0x900_0000, 0x1000, 0x901_0000, 0x2000)
        .beginNode("child")
        .bytes("raw", new byte[] {1, 2, 3})
        .endNode()
        .endNode()
        .reserve(0x4000_0000, 0x1000)
        .build();
  }

  private final DeviceTree tree = DeviceTree.parse(sample());

  @Test
  void writesTheHeaderOfVersion17() {
    ByteBuffer blob = ByteBuffer.wrap(sample());
    assertEquals(0xd00dfeed, blob.getInt(0));
    assertEquals(blob.capacity(), blob.getInt(4));
    assertEquals(17, blob.getInt(20));
    assertEquals(16, blob.getInt(24));
    int reservations = blob.getInt(16);
    assertEquals(0, reservations % 8);
    assertEquals(0x4000_0000L, blob.getLong(reservations));
    assertEquals(0x1000L, blob.getLong(reservations + 8));
    assertEquals(0L, blob.getLong(reservations + 16));
    assertEquals(0L, blob.getLong(reservations + 24));
    assertEquals(1, blob.getInt(blob.getInt(8)), "the root begins");
    assertEquals(9, blob.getInt(blob.getInt(8) + blob.getInt(36) - 4), "the end token");
  }

  @Test
  void readsEveryTypeOfProperty() {
    DeviceTreeNode chosen = tree.node("/chosen");
    assertEquals("a machine", tree.root().string("model"));
    assertEquals("", chosen.string("bootargs"));
    assertEquals(0x1_2345_6789L, chosen.u64("linux,initrd-start"));
    assertEquals(0x89abcdefL, chosen.u64("linux,initrd-end"), "one cell, zero-extended");
    assertEquals(List.of("echo", "", "größer"), chosen.strings("orrery,argv"));
    assertTrue(chosen.has("orrery,quiet"));
    assertFalse(chosen.has("orrery,loud"));
    assertEquals(7, chosen.u32("missing", 7));
    assertEquals("x", chosen.string("missing", "x"));
    assertArrayEquals(new int[] {2}, tree.root().cells("#address-cells"));
    assertArrayEquals(new byte[] {1, 2, 3}, tree.node("/serial/child").bytes("raw"));
  }

  @Test
  void findsNodesByPathAndCompatible() {
    DeviceTreeNode serial = tree.node("/serial@9000000");
    assertNotNull(serial);
    assertSame(serial, tree.node("/serial"));
    assertSame(tree.root(), tree.node("/"));
    assertNull(tree.node("/serial@0"));
    assertNull(tree.node("/ser"));
    assertNull(tree.node("/serial/child/none"));
    assertEquals("/serial@9000000/child", tree.node("/serial/child").path());
    assertEquals("/", tree.root().path());
    assertEquals(List.of(serial), tree.compatible("arm,primecell"));
    assertEquals(List.of(), tree.compatible("arm"));
  }

  @Test
  void readsRanges() {
    DeviceTreeNode serial = tree.node("/serial");
    assertEquals(new DeviceTreeNode.Range(0x900_0000, 0x1000), serial.reg(0));
    assertEquals(new DeviceTreeNode.Range(0x901_0000, 0x2000), serial.reg(1));
    assertThrows(DeviceTreeException.class, () -> serial.reg(2));
    assertThrows(DeviceTreeException.class, () -> serial.reg(-1));
  }

  @Test
  void saysWhichPropertyIsMissingOrOfAnotherType() {
    DeviceTreeNode serial = tree.node("/serial");
    assertEquals(
        "device tree: /serial@9000000 has no clocks",
        assertThrows(DeviceTreeException.class, () -> serial.u32("clocks")).getMessage());
    assertEquals(
        "device tree: compatible of /serial@9000000 does not hold one string",
        assertThrows(DeviceTreeException.class, () -> serial.string("compatible")).getMessage());
    assertThrows(DeviceTreeException.class, () -> serial.u32("reg"));
    assertThrows(DeviceTreeException.class, () -> serial.u64("reg"));
    assertThrows(DeviceTreeException.class, () -> tree.node("/serial/child").cells("raw"));
    assertThrows(DeviceTreeException.class, () -> tree.node("/serial/child").strings("raw"));
  }

  @Test
  void readsATreeThatLiesInMemoryWithMoreBehindIt() {
    byte[] blob = sample();
    MemorySegment memory = MemorySegment.ofArray(new byte[blob.length + 100]);
    MemorySegment.copy(MemorySegment.ofArray(blob), 0, memory, 0, blob.length);
    assertEquals("a machine", DeviceTree.parse(memory).root().string("model"));
  }

  @Test
  void rejectsWhatIsNoTree() {
    assertThrows(DeviceTreeException.class, () -> DeviceTree.parse(new byte[0]));
    assertThrows(DeviceTreeException.class, () -> DeviceTree.parse(new byte[100]));
    assertThrows(
        DeviceTreeException.class, () -> DeviceTree.parse(MemorySegment.ofArray(new byte[3])));
    for (int field = 0; field <= 36; field += 4) {
      byte[] blob = sample();
      ByteBuffer.wrap(blob).putInt(field, 0x7fff_fff0);
      int broken = field;
      // Newer versions are fine if compatible; reservations and boot CPU are not read.
      if (field != 20 && field != 16 && field != 28) {
        assertThrows(DeviceTreeException.class, () -> DeviceTree.parse(blob), "field at " + broken);
      }
    }
  }

  @Test
  void rejectsTreesCutAnywhere() {
    byte[] whole = sample();
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThrows(DeviceTreeException.class, () -> DeviceTree.parse(cut));
    }
  }

  @Test
  void rejectsNodesNestedTooDeep() {
    DeviceTreeBuilder deep = new DeviceTreeBuilder();
    for (int i = 0; i < 100; i++) {
      deep.beginNode("n");
    }
    for (int i = 0; i < 100; i++) {
      deep.endNode();
    }
    byte[] blob = deep.build();
    assertThrows(DeviceTreeException.class, () -> DeviceTree.parse(blob));
  }

  @Test
  void theBuilderRefusesWhatNoTreeAllows() {
    DeviceTreeBuilder builder = new DeviceTreeBuilder().beginNode("a").endNode();
    assertThrows(IllegalStateException.class, () -> builder.flag("late"));
    assertThrows(IllegalArgumentException.class, () -> builder.beginNode(""));
    assertThrows(IllegalArgumentException.class, () -> builder.beginNode("a/b"));
    builder.beginNode("b");
    assertThrows(IllegalArgumentException.class, () -> builder.string("text", "a\0b"));
    assertThrows(IllegalStateException.class, builder::build);
    builder.endNode().build();
    assertThrows(IllegalStateException.class, builder::build);
    assertThrows(IllegalStateException.class, builder::endNode);
  }
}
