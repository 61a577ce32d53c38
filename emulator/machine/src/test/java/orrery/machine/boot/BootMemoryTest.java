package orrery.machine.boot;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import orrery.machine.MachineException;
import orrery.machine.Ram;

class BootMemoryTest {
  private static final long BASE = 0x4000_0000;
  private static final long MIB = 1 << 20;

  private final Ram ram = new Ram(BASE, 32 * MIB);
  private final BootMemory memory = new BootMemory(ram);

  @AfterEach
  void close() {
    ram.close();
  }

  private static BootPayload payload(byte[] bytes) {
    return room -> {
      MemorySegment.copy(bytes, 0, room, JAVA_BYTE, 0, bytes.length);
      return bytes.length;
    };
  }

  private long place(byte[] kernel) {
    return memory.placeKernel(KernelFile.of("test", kernel)).entry();
  }

  private static byte[] image(int size, long textOffset, long memorySize) {
    ByteBuffer image = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    image.putLong(8, textOffset).putLong(16, memorySize);
    image.put(56, new byte[] {'A', 'R', 'M', 0x64});
    image.put(size - 1, (byte) 77);
    return image.array();
  }

  @Test
  void placesTheDeviceTreeAtTheStartOfRam() {
    assertEquals(BASE, memory.deviceTree());
    memory.placeDeviceTree(new byte[] {1, 2, 3});
    assertEquals(3, ram.segment().get(JAVA_BYTE, 2));
    assertThrows(MachineException.class, () -> memory.placeDeviceTree(new byte[(2 << 20) + 1]));
  }

  @Test
  void placesTheInitialFileSystemClearOfTreeAndFirmware() {
    BootMemory.Placement placement = memory.placeInitrd(payload(new byte[] {5, 6, 7}));
    assertTrue(placement.start() >= BASE + 4 * MIB);
    assertEquals(placement.start() + 3, placement.end());
    assertEquals(7, ram.segment().get(JAVA_BYTE, placement.end() - 1 - BASE));
  }

  @Test
  void placesAKernelAtItsTextOffsetWithItsMemoryBehindIt() {
    long entry = place(image(0x1000, 0x1000, 5 * MIB));
    assertEquals(0x1000, entry % (2 * MIB));
    assertEquals(77, ram.segment().get(JAVA_BYTE, entry - BASE + 0xfff), "moved as a whole");
    assertEquals(0, ram.segment().get(JAVA_BYTE, entry - BASE - 1), "nothing below");
    BootMemory.Placement initrd = memory.placeInitrd(payload(new byte[1]));
    assertTrue(initrd.start() >= entry + 5 * MIB);
  }

  @Test
  void placesAnOldKernelAtTheOldOffset() {
    assertEquals(0x80000, place(image(0x1000, 0, 0)) % (2 * MIB));
  }

  @Test
  void saysWhatDoesNotFit() {
    BootPayload large =
        room -> {
          throw new MachineException("too large by its own account");
        };
    assertThrows(MachineException.class, () -> memory.placeInitrd(large));
    MachineException e =
        assertThrows(MachineException.class, () -> memory.placeInitrd(room -> room.byteSize() + 1));
    assertEquals("the initial file system does not fit into memory (--memory)", e.getMessage());
    place(image(64, 0, 28 * MIB));
    assertThrows(MachineException.class, () -> memory.placeInitrd(payload(new byte[1])));
  }

  @Test
  void keepsTheDeviceTreeAndTheFirmwareClearOfALowKernel() {
    place(new byte[] {1, 2, 3, 4}); // flat, at 512 KiB
    memory.placeDeviceTree(new byte[0x70000]);
    MachineException e =
        assertThrows(MachineException.class, () -> memory.placeDeviceTree(new byte[0x7f000]));
    assertTrue(e.getMessage().contains("link it for 0x4009"), e.getMessage());
  }

  @Test
  void reportsWhatCannotBeRead() {
    MachineException e =
        assertThrows(
            MachineException.class,
            () ->
                memory.placeInitrd(
                    room -> {
                      throw new IOException("unplugged");
                    }));
    assertEquals("the initial file system cannot be read: unplugged", e.getMessage());
  }

  @Test
  void needsSixteenMebibytes() {
    try (Ram small = new Ram(BASE, 15 * MIB)) {
      assertThrows(MachineException.class, () -> new BootMemory(small));
    }
  }
}
