package orrery.unicorn;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.junit.jupiter.api.Test;

class RegisterTest {
  private static Unicorn shared;

  @BeforeContainer
  static void open() {
    shared = Unicorn.open();
  }

  @AfterContainer
  static void close() {
    shared.close();
  }

  @Property
  void generalRegistersKeepTheirValue(@ForAll @IntRange(max = 30) int n, @ForAll long value) {
    shared.write(Arm64Register.x(n), value);
    assertEquals(value, shared.read(Arm64Register.x(n)));
    assertEquals(value & 0xffff_ffffL, shared.read(Arm64Register.w(n)));
  }

  @Property
  void partsOfAVectorRegisterAreItsLowBits(
      @ForAll @IntRange(max = 31) int n, @ForAll long low, @ForAll long high) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocate(16, 16);
      value.setAtIndex(JAVA_LONG, 0, low);
      value.setAtIndex(JAVA_LONG, 1, high);
      assertEquals(16, shared.write(Arm64Register.v(n), value));
      MemorySegment back = arena.allocate(16, 16);
      assertEquals(16, shared.read(Arm64Register.q(n), back));
      assertEquals(-1, value.mismatch(back));
      assertEquals(low, shared.read(Arm64Register.d(n)));
      assertEquals(low & 0xffff_ffffL, shared.read(Arm64Register.s(n)));
      assertEquals(low & 0xffff, shared.read(Arm64Register.h(n)));
      assertEquals(low & 0xff, shared.read(Arm64Register.b(n)));
    }
  }

  @Property(tries = 50)
  void batchesAreAsGoodAsSingles(@ForAll long[] seed) {
    int count = Math.min(31, seed.length);
    int[] registers = new int[count];
    long[] values = new long[count];
    for (int i = 0; i < count; i++) {
      registers[i] = Arm64Register.x(i);
      values[i] = seed[i];
    }
    shared.write(registers, values);
    long[] back = new long[count];
    shared.read(registers, back);
    assertArrayEquals(values, back);
  }

  @Test
  void sizedBatchesTellTheSizes() {
    try (Unicorn engine = Unicorn.open();
        Arena arena = Arena.ofConfined()) {
      int[] registers = {Arm64Register.x(3), Arm64Register.v(3), Arm64Register.w(4)};
      MemorySegment[] values = {arena.allocate(8, 8), arena.allocate(16, 16), arena.allocate(4, 4)};
      values[0].fill((byte) 1);
      values[1].fill((byte) 2);
      values[2].fill((byte) 3);
      assertArrayEquals(new long[] {8, 16, 4}, engine.write(registers, values));
      MemorySegment[] back = {arena.allocate(8, 8), arena.allocate(16, 16), arena.allocate(4, 4)};
      assertArrayEquals(new long[] {8, 16, 4}, engine.read(registers, back));
      for (int i = 0; i < values.length; i++) {
        assertEquals(-1, values[i].mismatch(back[i]));
      }
    }
  }

  @Test
  void aBufferThatIsTooSmallIsRefused() {
    try (Unicorn engine = Unicorn.open();
        Arena arena = Arena.ofConfined()) {
      MemorySegment small = arena.allocate(4);
      UnicornException refused =
          assertThrows(UnicornException.class, () -> engine.read(Arm64Register.x(0), small));
      assertEquals(UnicornError.OVERFLOW, refused.error());
      MemorySegment heap = MemorySegment.ofArray(new long[1]);
      assertThrows(IllegalArgumentException.class, () -> engine.read(Arm64Register.x(0), heap));
      assertThrows(IllegalArgumentException.class, () -> engine.write(Arm64Register.x(0), heap));
      assertThrows(IllegalArgumentException.class, () -> engine.read(new int[1], new long[2]));
    }
  }

  @Test
  void unknownRegistersAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> Arm64Register.x(31));
    assertThrows(IllegalArgumentException.class, () -> Arm64Register.v(-1));
    assertThrows(IllegalArgumentException.class, () -> Arm64Register.vbar(4));
    assertThrows(IllegalArgumentException.class, () -> new SystemRegister(4, 0, 0, 0, 0));
  }

  @Test
  void systemRegistersAreReadAndWrittenByEncoding() {
    try (Unicorn engine = Unicorn.open()) {
      SystemRegister tpidr = new SystemRegister(3, 3, 13, 0, 2);
      engine.write(tpidr, 0x1234_5678_9abcL);
      assertEquals(0x1234_5678_9abcL, engine.read(tpidr));
      assertEquals(0x1234_5678_9abcL, engine.read(Arm64Register.TPIDR_EL0));
      assertEquals("S3_3_C13_C0_2", tpidr.toString());
    }
  }
}
