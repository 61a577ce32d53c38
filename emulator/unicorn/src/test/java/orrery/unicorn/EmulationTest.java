package orrery.unicorn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static orrery.unicorn.Code.ADD_X0_1;
import static orrery.unicorn.Code.BASE;
import static orrery.unicorn.Code.BRANCH_SELF;
import static orrery.unicorn.Code.DATA;
import static orrery.unicorn.Code.LDR_X0_X1;
import static orrery.unicorn.Code.NOP;
import static orrery.unicorn.Code.STR_X0_X1;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class EmulationTest {
  @Test
  void codeRunsUntilTheGivenAddress() {
    try (Unicorn engine = Code.engine(ADD_X0_1, ADD_X0_1, ADD_X0_1)) {
      engine.start(BASE, Code.end(2));
      assertEquals(2, engine.read(Arm64Register.x(0)));
      assertEquals(Code.end(2), engine.read(Arm64Register.PC));
    }
  }

  @Property(tries = 20)
  void aCountLimitsTheInstructions(@ForAll @IntRange(min = 1, max = 50) int count) {
    int[] code = new int[64];
    Arrays.fill(code, ADD_X0_1);
    try (Unicorn engine = Code.engine(code)) {
      engine.start(BASE, Code.end(64), 0, count);
      assertEquals(count, engine.read(Arm64Register.x(0)));
    }
  }

  @Test
  void aTimeoutEndsAnEndlessLoop() throws InterruptedException {
    try (Unicorn engine = Code.engine(BRANCH_SELF)) {
      // The engine's timer stops it once, and a stop that races with the start is lost.
      Thread again =
          Thread.ofPlatform()
              .start(
                  () -> {
                    while (!Thread.currentThread().isInterrupted()) {
                      if (engine.queryTimedOut()) {
                        engine.stop();
                      }
                      Thread.onSpinWait();
                    }
                  });
      engine.start(BASE, Code.end(1), 10_000, 0);
      again.interrupt();
      again.join();
      assertTrue(engine.queryTimedOut());
      assertEquals(10_000_000, engine.timeout()); // the control answers in nanoseconds
    }
  }

  @Test
  void anotherThreadStopsTheEngine() throws InterruptedException {
    try (Unicorn engine = Code.engine(BRANCH_SELF)) {
      Thread stopper =
          Thread.ofPlatform()
              .start(
                  () -> {
                    while (!Thread.currentThread().isInterrupted()) {
                      engine.stop();
                      Thread.onSpinWait();
                    }
                  });
      engine.start(BASE, Code.end(1));
      stopper.interrupt();
      stopper.join();
      assertEquals(BASE, engine.read(Arm64Register.PC));
    }
  }

  @Test
  void accessesToNothingAreErrors() {
    try (Unicorn engine = Code.engine(LDR_X0_X1, STR_X0_X1)) {
      assertEquals(UnicornError.READ_UNMAPPED, failing(engine, BASE));
      assertEquals(UnicornError.WRITE_UNMAPPED, failing(engine, BASE + 4));
      assertEquals(UnicornError.FETCH_UNMAPPED, failing(engine, 0x7000_0000L));
      engine.write(Arm64Register.x(1), DATA);
      engine.protect(DATA, Code.PAGE, Protection.READ);
      assertEquals(UnicornError.WRITE_PROTECTED, failing(engine, BASE + 4));
      engine.protect(DATA, Code.PAGE, Protection.WRITE);
      assertEquals(UnicornError.READ_PROTECTED, failing(engine, BASE));
      assertEquals(UnicornError.FETCH_PROTECTED, failing(engine, DATA));
      assertEquals(UnicornError.OK, engine.lastError());
    }
  }

  private static UnicornError failing(Unicorn engine, long begin) {
    return assertThrows(UnicornException.class, () -> engine.start(begin, Code.end(2))).error();
  }

  @Test
  void anExceptionThatNobodyHandlesIsAnError() {
    try (Unicorn engine = Code.engine(Code.SVC, Code.UNDEFINED)) {
      assertEquals(UnicornError.EXCEPTION, failing(engine, BASE));
      assertEquals(UnicornError.EXCEPTION, failing(engine, BASE + 4));
    }
  }

  @Test
  void exitsReplaceTheEnd() {
    try (Unicorn engine = Code.engine(ADD_X0_1, ADD_X0_1, ADD_X0_1, ADD_X0_1)) {
      assertThrows(UnicornException.class, engine::exits);
      engine.useExits(true);
      assertArrayEquals(new long[0], engine.exits());
      engine.exits(Code.end(1), Code.end(3));
      assertArrayEquals(new long[] {Code.end(1), Code.end(3)}, engine.exits());
      engine.start(BASE, 0);
      assertEquals(1, engine.read(Arm64Register.x(0)));
      engine.exits(Code.end(3));
      engine.start(Code.end(1), 0);
      assertEquals(3, engine.read(Arm64Register.x(0)));
      engine.useExits(false);
      engine.start(Code.end(3), Code.end(4));
      assertEquals(4, engine.read(Arm64Register.x(0)));
    }
  }

  @Test
  void theEngineTellsWhatItIs() {
    try (Unicorn engine = Unicorn.open()) {
      engine.pageSize(4096);
      engine.cpuModel(CpuModel.CORTEX_A53);
      engine.map(BASE, Code.PAGE, Protection.ALL);
      assertEquals(CpuModel.CORTEX_A53, engine.cpuModel());
      assertEquals(4096, engine.pageSize());
      assertEquals(4096, engine.queryPageSize());
      assertEquals(Unicorn.ARCHITECTURE_ARM64, engine.architecture());
      assertEquals(Unicorn.ARCHITECTURE_ARM64, engine.queryArchitecture());
      assertEquals(Unicorn.MODE_LITTLE_ENDIAN, engine.mode());
      assertEquals(Unicorn.MODE_LITTLE_ENDIAN, engine.queryMode());
      assertThrows(UnicornException.class, () -> engine.cpuModel(CpuModel.MAX));
      assertThrows(UnicornException.class, () -> engine.pageSize(8192));
    }
  }

  @Test
  void theCodeBufferHasTheSizeAskedFor() {
    try (Unicorn engine = Unicorn.open()) {
      engine.codeBufferSize(16 << 20);
      assertEquals(16 << 20, engine.codeBufferSize());
    }
  }

  @Test
  void blocksAreRequestedRemovedAndFlushed() {
    try (Unicorn engine = Code.engine(ADD_X0_1, NOP, BRANCH_SELF)) {
      TranslationBlock block = engine.requestBlock(BASE);
      assertEquals(BASE, block.pc());
      assertEquals(3, block.instructions());
      assertEquals(12, block.size());
      engine.removeBlocks(BASE, BASE + 12);
      engine.flushBlocks();
      engine.flushTlb();
      engine.start(BASE, Code.end(1));
      assertEquals(1, engine.read(Arm64Register.x(0)));
    }
  }

  @Test
  void contextsAreSavedAndRestored() {
    try (Unicorn engine = Code.engine(ADD_X0_1)) {
      engine.write(Arm64Register.x(0), 5);
      engine.write(Arm64Register.x(7), 70);
      try (CpuContext context = engine.saveContext()) {
        engine.start(BASE, Code.end(1));
        assertEquals(6, engine.read(Arm64Register.x(0)));
        assertEquals(5, context.read(Arm64Register.x(0)));
        context.write(Arm64Register.x(7), 71);
        context.restore();
        assertEquals(5, engine.read(Arm64Register.x(0)));
        assertEquals(71, engine.read(Arm64Register.x(7)));
        context.save();
        int[] registers = {Arm64Register.x(0), Arm64Register.x(7)};
        long[] values = new long[2];
        context.read(registers, values);
        assertArrayEquals(new long[] {5, 71}, values);
        context.write(registers, new long[] {8, 9});
        context.restore();
        assertEquals(9, engine.read(Arm64Register.x(7)));
        sized(context);
        assertTrue(CpuContext.size(engine) > 512);
      }
    }
  }

  private static void sized(CpuContext context) {
    try (var arena = Arena.ofConfined()) {
      var vector = arena.allocate(16, 16).fill((byte) 3);
      var back = arena.allocate(16, 16);
      assertEquals(16, context.write(Arm64Register.v(1), vector));
      assertEquals(16, context.read(Arm64Register.v(1), back));
      assertEquals(-1, vector.mismatch(back));
      int[] registers = {Arm64Register.v(2)};
      var list = new MemorySegment[] {vector};
      assertArrayEquals(new long[] {16}, context.write(registers, list));
      list[0] = back.fill((byte) 0);
      assertArrayEquals(new long[] {16}, context.read(registers, list));
      assertEquals(-1, vector.mismatch(back));
    }
  }

  @Test
  void memorySnapshotsAreRestored() {
    try (Unicorn engine = Code.engine(STR_X0_X1)) {
      engine.contextMode(Unicorn.CONTEXT_CPU | Unicorn.CONTEXT_MEMORY);
      engine.write(Arm64Register.x(0), 0x55);
      engine.write(Arm64Register.x(1), DATA);
      try (CpuContext context = engine.saveContext()) {
        engine.start(BASE, Code.end(1));
        assertEquals(0x55, engine.readMemory(DATA, 1)[0]);
        context.restore();
        assertEquals(0, engine.readMemory(DATA, 1)[0]);
      }
    }
  }

  @Test
  void aClosedContextCannotBeUsed() {
    try (Unicorn engine = Code.engine(NOP)) {
      CpuContext context = engine.saveContext();
      context.close();
      context.close();
      assertThrows(IllegalStateException.class, context::restore);
    }
  }

  @Test
  void anEngineIsClosedOnce() {
    Unicorn engine = Code.engine(NOP);
    assertFalse(engine.handle() == 0);
    engine.close();
    engine.close();
  }

  @Test
  void anUnknownModeIsRefused() {
    assertEquals(
        UnicornError.MODE,
        assertThrows(UnicornException.class, () -> Unicorn.open(1 << 3)).error());
  }
}
