package orrery.machine.dma;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import orrery.machine.Ram;

class DmaPortTest {
  private static final long BASE = 0x4000_0000L;
  private static final long SIZE = 64 << 10;
  private static final long DOORBELL = 0x0802_0040L;

  private final Ram ram = new Ram(BASE, SIZE);
  private final List<String> written = new ArrayList<>();
  private final List<Integer> messages = new ArrayList<>();
  private final DmaPort port =
      new DmaPort(
          new DmaMemory(
              ram,
              (physical, length) -> written.add(Long.toHexString(physical) + "+" + length),
              (address, data) -> address == DOORBELL && messages.add(data)),
          8);

  @AfterEach
  void free() {
    ram.close();
  }

  @Test
  void numbersAreLittleEndianAtAnyAlignment() {
    port.enable(true);
    port.writeLong(BASE + 1, 0x1122_3344_5566_7788L);
    assertEquals((byte) 0x88, port.readByte(BASE + 1));
    assertEquals(0x7788, port.readShort(BASE + 1));
    assertEquals(0x5566_7788, port.readInt(BASE + 1));
    assertEquals(0x1122_3344_5566_7788L, port.readLong(BASE + 1));
    port.writeByte(BASE + 1, (byte) 1);
    port.writeShort(BASE + 3, (short) 2);
    port.writeInt(BASE + 5, 3);
    assertEquals(0x0000_0003_0002_7701L, port.readLong(BASE + 1));
  }

  @Test
  void bytesMoveBothWaysAndFill() {
    port.enable(true);
    byte[] bytes = {1, 2, 3, 4, 5};
    port.write(BASE + 10, bytes, 1, 3);
    byte[] back = new byte[5];
    port.read(BASE + 9, back, 0, 5);
    assertArrayEquals(new byte[] {0, 2, 3, 4, 0}, back);
    MemorySegment segment = MemorySegment.ofArray(new byte[8]);
    port.read(BASE + 10, segment, 4, 3);
    port.write(BASE + 100, segment, 5, 2);
    assertEquals(0x0403, port.readShort(BASE + 100));
    port.fill(BASE + 1, 9_001, (byte) 0x5a);
    assertEquals(0, port.readByte(BASE));
    assertEquals(0x5a, port.readByte(BASE + 1));
    assertEquals(0x5a, port.readByte(BASE + 9_001));
    assertEquals(0, port.readByte(BASE + 9_002));
    port.fill(BASE + 2, 9_000, (byte) 0);
    assertEquals(0x5a, port.readByte(BASE + 1));
    assertEquals(0, ram.segment().get(ValueLayout.JAVA_BYTE, 9_001));
  }

  @Test
  void everyWriteIsToldWithItsRange() {
    port.enable(true);
    port.writeByte(BASE, (byte) 1);
    port.writeShort(BASE + 2, (short) 1);
    port.writeInt(BASE + 4, 1);
    port.writeLong(BASE + 8, 1);
    port.write(BASE + 16, new byte[7], 0, 7);
    port.write(BASE + 32, MemorySegment.ofArray(new byte[9]), 0, 9);
    port.fill(BASE + 64, 5000, (byte) 1);
    port.readLong(BASE);
    assertEquals(
        List.of(
            "40000000+1",
            "40000002+2",
            "40000004+4",
            "40000008+8",
            "40000010+7",
            "40000020+9",
            "40000040+5000"),
        written);
  }

  @Test
  void whatLeavesMemoryIsRefusedAndCounted() {
    port.enable(true);
    long end = BASE + SIZE;
    assertThrows(DmaFault.class, () -> port.readByte(BASE - 1));
    assertThrows(DmaFault.class, () -> port.readShort(end - 1));
    assertThrows(DmaFault.class, () -> port.writeInt(end - 3, 0));
    assertThrows(DmaFault.class, () -> port.writeLong(-4, 0));
    assertThrows(DmaFault.class, () -> port.read(end - 4, new byte[8], 0, 5));
    assertThrows(DmaFault.class, () -> port.fill(BASE, SIZE + 1, (byte) 0));
    assertThrows(DmaFault.class, () -> port.fill(BASE, -1, (byte) 0));
    assertEquals(7, port.refused());
    assertTrue(written.isEmpty());
    assertTrue(port.reaches(end, 0));
    assertFalse(port.reaches(end, 1));
    port.writeByte(end - 1, (byte) 1);
  }

  @Test
  void nothingMovesUntilTheDeviceMayMasterTheBus() {
    assertFalse(port.isEnabled());
    assertFalse(port.reaches(BASE, 1));
    assertThrows(DmaFault.class, () -> port.readByte(BASE));
    assertThrows(DmaFault.class, () -> port.writeByte(BASE, (byte) 1));
    port.message(DOORBELL, 1);
    assertTrue(messages.isEmpty());
    port.enable(true);
    port.message(DOORBELL, 1);
    port.writeInt(DOORBELL, 2);
    assertEquals(List.of(1, 2), messages);
    assertEquals(3, port.refused());
  }

  @Test
  void aMessageToNowhereIsLost() {
    port.enable(true);
    port.message(DOORBELL + 4, 1);
    assertEquals(1, port.refused());
  }
}
