package orrery.unicorn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static orrery.unicorn.Code.ADD_X0_1;
import static orrery.unicorn.Code.BASE;
import static orrery.unicorn.Code.BNE_BACK_1;
import static orrery.unicorn.Code.DATA;
import static orrery.unicorn.Code.LDR_X0_X1;
import static orrery.unicorn.Code.NOP;
import static orrery.unicorn.Code.PAGE;
import static orrery.unicorn.Code.STR_X0_X1;
import static orrery.unicorn.Code.SUBS_X0_1;
import static orrery.unicorn.Code.SVC;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HookTest {
  private static final long NOWHERE = 0x5000_0000L;

  @Test
  void exceptionsAreReported() {
    try (Unicorn engine = Code.engine(SVC, ADD_X0_1)) {
      List<Integer> seen = new ArrayList<>();
      HookHandle hook = engine.onInterrupt(seen::add);
      engine.start(BASE, Code.end(2));
      assertEquals(List.of(CpuInternals.EXCEPTION_SVC), seen);
      assertEquals(1, engine.read(Arm64Register.x(0)));
      hook.close();
      hook.close();
      assertThrows(UnicornException.class, () -> engine.start(BASE, Code.end(2)));
    }
  }

  @Test
  void instructionsAndBlocksAreReportedInTheirRange() {
    try (Unicorn engine = Code.engine(NOP, SUBS_X0_1, BNE_BACK_1, NOP)) {
      List<Long> code = new ArrayList<>();
      List<String> blocks = new ArrayList<>();
      engine.onCode(BASE + 4, BASE + 4, (address, size) -> code.add(address));
      engine.onBlock(1, 0, (address, size) -> blocks.add(address - BASE + ":" + size));
      engine.write(Arm64Register.x(0), 3);
      engine.start(BASE, Code.end(4));
      assertEquals(List.of(BASE + 4, BASE + 4, BASE + 4), code);
      assertEquals(List.of("0:12", "4:8", "4:8", "12:4"), blocks);
    }
  }

  @Test
  void accessesAreReported() {
    try (Unicorn engine = Code.engine(STR_X0_X1, LDR_X0_X1)) {
      List<String> seen = new ArrayList<>();
      engine.onMemory(
          HookType.READ | HookType.WRITE | HookType.READ_AFTER,
          1,
          0,
          (access, address, size, value) -> seen.add(access + " " + size + " " + value));
      engine.write(Arm64Register.x(0), 77);
      engine.write(Arm64Register.x(1), DATA);
      engine.start(BASE, Code.end(2));
      assertEquals(List.of("WRITE 8 77", "READ 8 0", "READ_AFTER 8 77"), seen);
      assertThrows(
          IllegalArgumentException.class,
          () -> engine.onMemory(HookType.READ_UNMAPPED, 1, 0, (a, b, c, d) -> {}));
      assertThrows(
          IllegalArgumentException.class,
          () -> engine.onInvalidMemory(HookType.READ, 1, 0, (a, b, c, d) -> false));
    }
  }

  @Test
  void aHandlerMapsWhatIsMissing() {
    try (Unicorn engine = Code.engine(STR_X0_X1, LDR_X0_X1)) {
      List<MemoryAccess> seen = new ArrayList<>();
      engine.onInvalidMemory(
          HookType.INVALID,
          1,
          0,
          (access, address, size, value) -> {
            seen.add(access);
            engine.map(address & -PAGE, PAGE, Protection.READ | Protection.WRITE);
            return true;
          });
      engine.write(Arm64Register.x(0), 9);
      engine.write(Arm64Register.x(1), NOWHERE);
      engine.start(BASE, Code.end(2));
      assertEquals(List.of(MemoryAccess.WRITE_UNMAPPED), seen);
      assertEquals(9, engine.readMemory(NOWHERE, 1)[0]);
    }
  }

  @Test
  void aHandlerThatDeclinesLeavesTheError() {
    try (Unicorn engine = Code.engine(LDR_X0_X1)) {
      engine.onInvalidMemory(HookType.UNMAPPED, 1, 0, (access, address, size, value) -> false);
      engine.write(Arm64Register.x(1), NOWHERE);
      assertEquals(
          UnicornError.READ_UNMAPPED,
          assertThrows(UnicornException.class, () -> engine.start(BASE, Code.end(1))).error());
    }
  }

  @Test
  void systemInstructionsAreReportedAndCanBeSkipped() {
    try (Unicorn engine = Code.engine(Code.MRS_X0_TPIDR, Code.MSR_TPIDR_X0)) {
      List<String> seen = new ArrayList<>();
      engine.onSystemInstruction(
          Unicorn.INSTRUCTION_MRS,
          (register, system, value) -> {
            seen.add("mrs " + (register == Arm64Register.x(0)) + " " + system);
            engine.write(register, 123);
            return true;
          });
      engine.onSystemInstruction(
          Unicorn.INSTRUCTION_MSR,
          (register, system, value) -> {
            seen.add("msr " + system + " " + value);
            return false;
          });
      engine.start(BASE, Code.end(2));
      assertEquals(List.of("mrs true S3_3_C13_C0_2", "msr S3_3_C13_C0_2 123"), seen);
      assertEquals(123, engine.read(Arm64Register.TPIDR_EL0));
    }
  }

  @Test
  void newEdgesAreReportedOnce() {
    try (Unicorn engine = Code.engine(SUBS_X0_1, BNE_BACK_1, NOP)) {
      List<String> seen = new ArrayList<>();
      engine.onEdge(
          1,
          0,
          (current, previous) -> seen.add(previous.pc() - BASE + "->" + (current.pc() - BASE)));
      engine.write(Arm64Register.x(0), 5);
      engine.start(BASE, Code.end(3));
      assertEquals(List.of("0->8"), seen);
    }
  }

  @Test
  void comparisonsAreReported() {
    try (Unicorn engine = Code.engine(SUBS_X0_1, SUBS_X0_1)) {
      List<String> seen = new ArrayList<>();
      engine.onTcgOpcode(
          Unicorn.TCG_OPCODE_SUB,
          0,
          1,
          0,
          (address, first, second, size) -> seen.add(first + "-" + second + ":" + size));
      engine.write(Arm64Register.x(0), 9);
      engine.start(BASE, Code.end(2));
      assertEquals(List.of("9-1:64", "8-1:64"), seen);
    }
  }

  @Test
  void theVirtualTlbIsFilledByTheHandler() {
    try (Unicorn engine = Code.engine(STR_X0_X1)) {
      engine.virtualTlb(true);
      engine.onTlbFill(
          1,
          0,
          (address, access) ->
              switch ((int) (address >>> 12)) {
                case 0x10 -> BASE | Protection.READ | Protection.EXECUTE;
                case 0x99 -> DATA | Protection.READ | Protection.WRITE;
                default -> Hook.TlbFill.NOT_MAPPED;
              });
      engine.write(Arm64Register.x(0), 0x42);
      engine.write(Arm64Register.x(1), 0x99008);
      engine.start(BASE, Code.end(1));
      assertEquals(0x42, engine.readMemory(DATA + 8, 1)[0]);
      engine.write(Arm64Register.x(1), 0x98000);
      assertThrows(UnicornException.class, () -> engine.start(BASE, Code.end(1)));
      engine.virtualTlb(false);
      engine.write(Arm64Register.x(1), DATA);
      engine.start(BASE, Code.end(1));
      assertEquals(0x42, engine.readMemory(DATA, 1)[0]);
    }
  }

  @Test
  void whatACallbackThrowsComesOutOfStart() {
    IllegalStateException thrown = new IllegalStateException("on purpose");
    OutOfMemoryError error = new OutOfMemoryError("on purpose");
    try (Unicorn engine =
        Code.engine(SVC, STR_X0_X1, LDR_X0_X1, Code.MRS_X0_TPIDR, SUBS_X0_1, BNE_BACK_1, NOP)) {
      engine.onInterrupt(
          number -> {
            throw thrown;
          });
      assertSame(thrown, assertThrows(RuntimeException.class, () -> engine.start(BASE, 0)));
      engine.mapMmio(
          NOWHERE,
          PAGE,
          (offset, size) -> {
            throw thrown;
          },
          (offset, size, value) -> {
            throw error;
          });
      engine.write(Arm64Register.x(1), NOWHERE);
      assertSame(error, assertThrows(Error.class, () -> engine.start(BASE + 4, Code.end(2))));
      assertSame(
          thrown, assertThrows(RuntimeException.class, () -> engine.start(BASE + 8, Code.end(3))));
      engine.onInvalidMemory(
          HookType.INVALID,
          1,
          0,
          (access, address, size, value) -> {
            throw thrown;
          });
      engine.write(Arm64Register.x(1), NOWHERE + PAGE);
      assertSame(
          thrown, assertThrows(RuntimeException.class, () -> engine.start(BASE + 8, Code.end(3))));
      engine.onSystemInstruction(
          Unicorn.INSTRUCTION_MRS,
          (register, system, value) -> {
            throw thrown;
          });
      assertSame(
          thrown, assertThrows(RuntimeException.class, () -> engine.start(BASE + 12, Code.end(4))));
      HookHandle hook =
          engine.onBlock(
              1,
              0,
              (address, size) -> {
                throw thrown;
              });
      assertSame(
          thrown, assertThrows(RuntimeException.class, () -> engine.start(BASE + 16, Code.end(7))));
      hook.close();
      engine.write(Arm64Register.x(0), 3);
      engine.start(BASE + 16, Code.end(7)); // and the engine still works
      assertEquals(0, engine.read(Arm64Register.x(0)));
    }
  }

  @Test
  void startsMayBeNested() {
    try (Unicorn engine = Code.engine(SVC, ADD_X0_1, ADD_X0_1)) {
      engine.onInterrupt(
          number -> {
            long pc = engine.read(Arm64Register.PC);
            engine.start(Code.end(2), Code.end(3));
            engine.write(Arm64Register.PC, pc);
          });
      engine.start(BASE, Code.end(2));
      assertEquals(2, engine.read(Arm64Register.x(0)));
    }
  }

  @Test
  void invalidInstructionsArriveAsExceptionsOnAArch64() {
    try (Unicorn engine = Code.engine(Code.UNDEFINED, ADD_X0_1)) {
      boolean[] called = {false};
      engine.onInvalidInstruction(() -> called[0] = true);
      List<Integer> seen = new ArrayList<>();
      engine.onInterrupt(
          number -> {
            seen.add(number);
            engine.write(Arm64Register.PC, BASE + 4);
          });
      engine.start(BASE, Code.end(2));
      assertEquals(List.of(CpuInternals.EXCEPTION_UNDEFINED), seen);
      assertTrue(!called[0]);
    }
  }
}
