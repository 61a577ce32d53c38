package orrery.machine;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class RamTest {
  private static final long BASE = 0x4000_0000;

  @Test
  void isZeroFilledAlignedAndWritableToItsLastByte() {
    try (Ram ram = new Ram(BASE, 1 << 20)) {
      MemorySegment memory = ram.segment();
      assertEquals(0, memory.address() % Ram.ALIGNMENT);
      assertEquals(1 << 20, memory.byteSize());
      for (long at = 0; at < memory.byteSize(); at += 8) {
        assertEquals(0, memory.get(JAVA_LONG, at));
      }
      memory.set(JAVA_BYTE, memory.byteSize() - 1, (byte) 1);
    }
  }

  @Test
  void aLargeMemoryCostsNothingUntilItIsTouched() {
    try (Ram ram = new Ram(BASE, 64L << 30)) {
      ram.segment().set(JAVA_LONG, (64L << 30) - 8, 42);
      assertEquals(42, ram.segment().get(JAVA_LONG, (64L << 30) - 8));
    }
  }

  @Test
  void knowsWhichRangesItContains() {
    try (Ram ram = new Ram(BASE, 0x10000)) {
      assertTrue(ram.contains(BASE, 0x10000));
      assertTrue(ram.contains(BASE + 0xffff, 1));
      assertTrue(ram.contains(BASE + 0x10000, 0));
      assertFalse(ram.contains(BASE - 1, 1));
      assertFalse(ram.contains(BASE - 1, 2));
      assertFalse(ram.contains(BASE + 0xffff, 2));
      assertFalse(ram.contains(BASE, -1));
      assertFalse(ram.contains(BASE, Long.MAX_VALUE));
      assertFalse(ram.contains(Long.MIN_VALUE, 1));
      assertFalse(ram.contains(-1, 1));
    }
  }

  @Test
  void saysWhichSizesItTakes() {
    for (long size :
        new long[] {0, -65536, 1, 65535, 65537, Ram.MAX_SIZE + 65536, Long.MIN_VALUE}) {
      MachineException e = assertThrows(MachineException.class, () -> new Ram(BASE, size));
      assertEquals(
          "memory cannot have " + size + " bytes: choose a multiple of 64 KiB up to 255 GiB",
          e.getMessage());
    }
    assertThrows(MachineException.class, () -> new Ram(1, 65536));
    assertThrows(MachineException.class, () -> new Ram(-65536, 65536));
  }

  @Test
  void closingEndsAllUseAndMayBeRepeated() {
    Ram ram = new Ram(BASE, 0x10000);
    MemorySegment memory = ram.segment();
    ram.close();
    ram.close();
    assertThrows(IllegalStateException.class, () -> memory.get(JAVA_BYTE, 0));
  }
}
