package orrery.unicorn;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.junit.jupiter.api.Test;

class CpuInternalsTest {
  private static final long RAM = 0x4000_0000L;
  private static final SystemRegister SCR_EL3 = new SystemRegister(3, 6, 1, 1, 0);
  private static final SystemRegister HCR_EL2 = new SystemRegister(3, 4, 1, 1, 0);

  /** As large as a CPU, and a little more. */
  private static final long CPU_BYTES = 56 << 10;

  private static Engine shared;

  @BeforeContainer
  static void open() {
    shared = new Engine();
  }

  @AfterContainer
  static void close() {
    shared.close();
  }

  private static final class Engine implements AutoCloseable {
    final Arena arena = Arena.ofShared();
    final MemorySegment memory = arena.allocate(1 << 20, 1 << 16);
    final Unicorn engine = open(memory);
    final CpuInternals cpu = CpuInternals.of(engine, RAM, memory);

    void code(int... words) {
      MemorySegment.copy(words, 0, memory, JAVA_INT, 0, words.length);
      cpu.invalidateCode(0, 4L * words.length);
    }

    @Override
    public void close() {
      cpu.tlb().close();
      engine.close();
      arena.close();
    }
  }

  private static Unicorn open(MemorySegment memory) {
    Unicorn engine = Unicorn.open();
    engine.pageSize(4096);
    engine.cpuModel(CpuModel.CORTEX_A72);
    engine.mapHost(RAM, Protection.ALL, memory);
    engine.write(SCR_EL3, 0x531);
    engine.write(HCR_EL2, 1L << 31);
    return engine;
  }

  @Test
  void calibrationLeavesNoTrace() {
    for (int i = 0; i < 3; i++) {
      try (Engine machine = new Engine()) {
        for (int n = 0; n < 32; n++) {
          assertEquals(0, machine.cpu.x(n));
        }
        assertEquals(0, machine.cpu.pc());
        assertFalse(machine.cpu.halted());
        for (long at = 0; at < 8192; at += 8) {
          assertEquals(0, machine.memory.get(JAVA_LONG, at));
        }
      }
    }
  }

  /**
   * Where the C library puts an engine's objects, and beside what, is different for each; each
   * thread has a heap of its own, which may lie near the library.
   */
  @Test
  void calibrationDependsOnNothingThatLiesBesideAnEngine() throws Exception {
    Set<List<Long>> found = new HashSet<>();
    List<Engine> kept = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (int i = 0; i < 64; i++) {
        int turn = i;
        found.add(threads.submit(() -> calibrateBeside(turn % 5 == 0 ? kept : null)).get());
      }
    } finally {
      kept.forEach(Engine::close);
    }
    assertEquals(1, found.size(), found.toString());
  }

  private static List<Long> calibrateBeside(List<Engine> kept) throws IllegalAccessException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(1 << 20, 1 << 16);
      try (Unicorn engine = open(memory)) {
        List<Long> offsets = offsets(Calibration.run(engine, RAM, memory));
        if (kept != null) {
          kept.add(new Engine());
        }
        return offsets;
      }
    }
  }

  /** What lies behind a CPU may have been another CPU, with a table of registers of its own. */
  @Test
  void calibrationIsNotMisledByWhatLiesBehindTheCpu() {
    List<Long> blocks = new ArrayList<>();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(1 << 20, 1 << 16);
      try (Unicorn other = open(memory)) {
        CpuLayout layout = Calibration.run(other, RAM, memory);
        long cpu = NativeMemory.MEMORY.get(JAVA_LONG, other.handle() + layout.cpuPointer);
        long table = NativeMemory.MEMORY.get(JAVA_LONG, cpu + layout.registerTable);
        for (int i = 0; i < 64; i++) {
          long block = NativeMemory.malloc(CPU_BYTES);
          for (long at = 0; at < CPU_BYTES; at += Long.BYTES) {
            NativeMemory.MEMORY.set(JAVA_LONG, block + at, table);
          }
          blocks.add(block);
        }
        // The next CPU goes between two of those that stay.
        for (int i = 0; i < blocks.size(); i++) {
          NativeMemory.free(blocks.remove(i));
        }
        try (Unicorn engine = open(memory)) {
          assertEquals(layout.registerTable, Calibration.run(engine, RAM, memory).registerTable);
        }
      }
    } finally {
      blocks.forEach(NativeMemory::free);
    }
  }

  private static List<Long> offsets(CpuLayout layout) throws IllegalAccessException {
    List<Long> offsets = new ArrayList<>();
    for (Field field : CpuLayout.class.getDeclaredFields()) {
      offsets.add(((Number) field.get(layout)).longValue());
    }
    return offsets;
  }

  @Test
  void calibrationNeedsRoom() {
    try (Unicorn engine = Unicorn.open();
        Arena arena = Arena.ofConfined()) {
      MemorySegment page = arena.allocate(4096, 4096);
      assertThrows(IllegalArgumentException.class, () -> Calibration.run(engine, RAM, page));
      assertThrows(
          IllegalArgumentException.class,
          () -> Calibration.run(engine, 1L << 40, page.asSlice(0, 0)));
    }
  }

  @Property(tries = 200)
  void directAccessAgreesWithTheInterface(
      @ForAll @IntRange(max = 30) int n, @ForAll long value, @ForAll int flags) {
    Unicorn engine = shared.engine;
    CpuInternals cpu = shared.cpu;
    cpu.x(n, value);
    assertEquals(value, engine.read(Arm64Register.x(n)));
    engine.write(Arm64Register.x(n), ~value);
    assertEquals(~value, cpu.x(n));
    cpu.vLow(n, value);
    assertEquals(value, engine.read(Arm64Register.d(n)));
    cpu.tpidrEl0(value);
    assertEquals(value, engine.read(Arm64Register.TPIDR_EL0));
    cpu.nzcv(flags);
    assertEquals(flags & 0xf000_0000L, engine.read(Arm64Register.NZCV));
    engine.write(Arm64Register.NZCV, ~flags & 0xf000_0000L);
    assertEquals(~flags & 0xf000_0000, cpu.nzcv());
    cpu.x(31, value);
    assertEquals(value, engine.read(Arm64Register.SP));
    cpu.pc(value);
    assertEquals(value, engine.read(Arm64Register.PC));
  }

  @Test
  void aWaitingGuestIsHalted() {
    try (Engine machine = new Engine()) {
      machine.code(Code.NOP, 0xd503207f); // wfi
      assertEquals(0, machine.engine.startUnchecked(RAM, 0, 0, 0));
      assertTrue(machine.cpu.halted());
      assertEquals(RAM + 8, machine.cpu.pc());
    }
  }

  @Test
  void anExceptionIsTakenArchitecturally() {
    try (Engine machine = new Engine()) {
      machine.code(Code.SVC, Code.NOP);
      machine.engine.write(Arm64Register.vbar(1), RAM + 0x800);
      machine.engine.onInterrupt(
          number -> {
            assertEquals(CpuInternals.EXCEPTION_SVC, number);
            assertEquals(number, machine.cpu.exceptionNumber());
            machine.cpu.takeException();
            machine.engine.stop();
          });
      machine.engine.startUnchecked(RAM, 0, 0, 0);
      assertEquals(RAM + 0x800 + 0x200, machine.cpu.pc());
      assertEquals(RAM + 4, machine.engine.read(Arm64Register.elr(1)));
      assertEquals(0x5600_0000, machine.engine.read(Arm64Register.esr(1)));
    }
  }

  @Test
  void vectorsAndGeneralRegistersAreCopied() {
    try (Engine machine = new Engine()) {
      long[] words = new long[100];
      for (int i = 0; i < words.length; i++) {
        words[i] = 1_000 + i;
      }
      machine.cpu.setGeneral(words, 2);
      machine.cpu.setVectors(words, 34);
      long[] back = new long[100];
      machine.cpu.copyGeneral(back, 2);
      machine.cpu.copyVectors(back, 34);
      for (int i = 2; i < 98; i++) {
        assertEquals(words[i], back[i]);
      }
      assertEquals(1_002, machine.cpu.x(0));
      assertEquals(1_034, machine.cpu.vLow(0));
      assertEquals(1_035, machine.cpu.vHigh(0));
      machine.cpu.fpscr(0x0340_0013);
      assertEquals(0x0340_0013, machine.cpu.fpscr());
      assertEquals(0x0340_0000, machine.engine.read(Arm64Register.FPCR));
      assertEquals(0x13, machine.engine.read(Arm64Register.FPSR));
    }
  }

  @Test
  void setsOfTheTlbAreSwapped() {
    try (Engine machine = new Engine()) {
      SoftTlb tlb = machine.cpu.tlb();
      long original = tlb.allocateBlock();
      long set = tlb.create(256);
      assertEquals(256, tlb.entries(set));
      assertEquals(0, tlb.used(set));
      tlb.swapOut(original);
      tlb.swapIn(set);
      assertEquals(256, tlb.entriesInstalled());
      assertEquals(0, tlb.usedInstalled());
      tlb.clearInstalled();
      tlb.swapOut(set);
      tlb.swapIn(original);
      tlb.destroy(set);
      tlb.destroyInstalled(original);
    }
  }
}
