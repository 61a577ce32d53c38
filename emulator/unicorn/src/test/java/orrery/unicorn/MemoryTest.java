package orrery.unicorn;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static orrery.unicorn.Code.BASE;
import static orrery.unicorn.Code.DATA;
import static orrery.unicorn.Code.PAGE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryTest {
  @Test
  void regionsAreMappedProtectedAndUnmapped() {
    try (Unicorn engine = Unicorn.open()) {
      engine.map(BASE, 2L * PAGE, Protection.ALL);
      engine.map(DATA, PAGE, Protection.READ);
      assertEquals(
          List.of(
              new MemoryRegion(BASE, BASE + 2 * PAGE - 1, Protection.ALL),
              new MemoryRegion(DATA, DATA + PAGE - 1, Protection.READ)),
          engine.regions());
      engine.protect(DATA, PAGE, Protection.READ | Protection.WRITE);
      engine.unmap(BASE + PAGE, PAGE);
      assertEquals(
          List.of(
              new MemoryRegion(BASE, BASE + PAGE - 1, Protection.ALL),
              new MemoryRegion(DATA, DATA + PAGE - 1, Protection.READ | Protection.WRITE)),
          engine.regions());
    }
  }

  @Test
  void badMappingsAreRefused() {
    try (Unicorn engine = Unicorn.open()) {
      engine.map(BASE, PAGE, Protection.ALL);
      assertEquals(
          UnicornError.MAP,
          assertThrows(UnicornException.class, () -> engine.map(BASE, PAGE, Protection.ALL))
              .error());
      assertEquals(
          UnicornError.ARGUMENT,
          assertThrows(UnicornException.class, () -> engine.map(BASE + 1, PAGE, Protection.ALL))
              .error());
      assertThrows(UnicornException.class, () -> engine.unmap(DATA, PAGE));
      assertThrows(
          IllegalArgumentException.class,
          () -> engine.mapHost(DATA, Protection.ALL, MemorySegment.ofArray(new byte[PAGE])));
    }
  }

  @Test
  void memoryIsReadAndWritten() {
    try (Unicorn engine = Unicorn.open()) {
      engine.map(DATA, PAGE, Protection.ALL);
      byte[] bytes = {1, 2, 3, 4, 5};
      engine.writeMemory(DATA + 100, bytes);
      assertArrayEquals(bytes, engine.readMemory(DATA + 100, 5));
      assertArrayEquals(new byte[0], engine.readMemory(DATA, 0));
      assertEquals(
          UnicornError.READ_UNMAPPED,
          assertThrows(UnicornException.class, () -> engine.readMemory(DATA - 1, 4)).error());
      assertEquals(
          UnicornError.WRITE_UNMAPPED,
          assertThrows(UnicornException.class, () -> engine.writeMemory(BASE, bytes)).error());
    }
  }

  @Test
  void hostMemoryIsShared() {
    try (Arena arena = Arena.ofConfined();
        Unicorn engine = Code.engine(Code.LDR_X0_X1, Code.ADD_X0_1, Code.STR_X0_X1)) {
      MemorySegment memory = arena.allocate(PAGE, PAGE);
      engine.mapHost(0x4000_0000L, Protection.READ | Protection.WRITE, memory);
      memory.set(JAVA_LONG, 0, 41);
      engine.write(Arm64Register.x(1), 0x4000_0000L);
      engine.start(BASE, Code.end(3));
      assertEquals(42, memory.get(JAVA_LONG, 0));
    }
  }

  @Test
  void virtualAddressesAreTranslated() {
    try (Unicorn engine = Code.engine(Code.NOP)) {
      // The MMU is off: virtual addresses are physical ones.
      engine.writeMemory(DATA, new byte[] {7, 8});
      assertEquals(DATA + 4, engine.translate(DATA + 4, Protection.READ));
      assertArrayEquals(new byte[] {7, 8}, engine.readVirtual(DATA, Protection.READ, 2));
      engine.writeVirtual(DATA, Protection.WRITE, new byte[] {9});
      assertArrayEquals(new byte[] {9, 8}, engine.readMemory(DATA, 2));
    }
  }

  @Test
  void devicesAreCalledWithOffsetAndSize() {
    try (Unicorn engine = Code.engine(Code.STRB_W0_X1, Code.LDRH_W0_X1, Code.LDR_W0_X1_4)) {
      List<String> seen = new ArrayList<>();
      engine.mapMmio(
          0x0900_0000L,
          PAGE,
          (offset, size) -> {
            seen.add("read " + offset + " " + size);
            return 0x1234;
          },
          (offset, size, value) -> seen.add("write " + offset + " " + size + " " + value));
      engine.write(Arm64Register.x(0), 0x56);
      engine.write(Arm64Register.x(1), 0x0900_0010L);
      engine.start(BASE, Code.end(3));
      assertEquals(List.of("write 16 1 86", "read 16 2", "read 20 4"), seen);
      assertEquals(0x1234, engine.read(Arm64Register.x(0)));
    }
  }

  @Test
  void aDeviceThatCannotBeReadIsAnError() {
    try (Unicorn engine = Code.engine(Code.LDR_X0_X1)) {
      engine.mapMmio(0x0900_0000L, PAGE, null, (offset, size, value) -> {});
      engine.write(Arm64Register.x(1), 0x0900_0000L);
      assertEquals(
          UnicornError.READ_PROTECTED,
          assertThrows(UnicornException.class, () -> engine.start(BASE, Code.end(1))).error());
    }
  }
}
