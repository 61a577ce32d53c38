package orrery.kernel.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import orrery.kernel.abi.SigInfo;
import orrery.kernel.abi.Signal;

final class ExceptionHandlerTest {
  private static final long PC = ProgramFixture.DATA + 0x1000;
  private static final int LENGTH_BIT = 1 << 25;
  private static final int WRITE = 1 << 6;
  private static final int TRANSLATION = 7;
  private static final int ALIGNMENT = 0x21;

  private final ProgramFixture kernel = new ProgramFixture();
  private final Task task = kernel.task;
  private final ExceptionHandler handler = new ExceptionHandler(kernel.signals);
  private final SignalInfo info = new SignalInfo();

  ExceptionHandlerTest() {
    kernel.cpu.pc(PC);
  }

  @AfterEach
  void close() {
    kernel.close();
  }

  private void exception(int exceptionClass, int iss, long address) {
    handler.handle(task, exceptionClass << 26 | LENGTH_BIT | iss, address);
  }

  private void expect(int signal, int code, long address) {
    assertTrue(task.signals().deliverable());
    assertEquals(signal, task.signals().take(0, info));
    assertEquals(code, info.code());
    assertEquals(address, info.word(0));
    assertEquals(PC, kernel.cpu.pc());
  }

  @Test
  void faultThatMemoryServesIsNoSignal() {
    exception(Syndrome.DATA_ABORT, WRITE | TRANSLATION, ProgramFixture.DATA + 8);
    assertFalse(task.signals().deliverable());
    assertEquals(PC, kernel.cpu.pc());
  }

  @Test
  void wildPointerIsASegmentationFault() {
    exception(Syndrome.DATA_ABORT, WRITE | TRANSLATION, ProgramFixture.HOLE + 8);
    expect(Signal.SIGSEGV, SigInfo.SEGV_MAPERR, ProgramFixture.HOLE + 8);
  }

  @Test
  void executionOfDataIsAnAccessFault() {
    exception(Syndrome.INSTRUCTION_ABORT, TRANSLATION, ProgramFixture.DATA);
    expect(Signal.SIGSEGV, SigInfo.SEGV_ACCERR, ProgramFixture.DATA);
  }

  @Test
  void misalignmentIsABusError() {
    exception(Syndrome.DATA_ABORT, ALIGNMENT, ProgramFixture.DATA + 1);
    expect(Signal.SIGBUS, SigInfo.BUS_ADRALN, ProgramFixture.DATA + 1);
    exception(Syndrome.SP_ALIGNMENT, 0, 0);
    expect(Signal.SIGBUS, SigInfo.BUS_ADRALN, PC);
  }

  @Test
  void breakpointIsATrap() {
    exception(Syndrome.BRK, 1000, 0);
    expect(Signal.SIGTRAP, SigInfo.TRAP_BRKPT, PC);
  }

  @Test
  void undefinedInstructionIsIllegal() {
    kernel.memory.writeInt(PC, 0);
    exception(Syndrome.UNKNOWN, 0, 0);
    expect(Signal.SIGILL, SigInfo.ILL_ILLOPC, PC);
  }

  @Test
  void identificationRegisterIsReadForTheProgram() {
    kernel.memory.writeInt(PC, 0xd538_0005); // mrs x5, midr_el1
    exception(Syndrome.UNKNOWN, 0, 0);
    assertFalse(task.signals().deliverable());
    assertEquals(0x410f_d083L, kernel.cpu.x(5));
    assertEquals(PC + 4, kernel.cpu.pc());
  }

  @Test
  void readIntoTheZeroRegisterLeavesTheStackPointerAlone() {
    kernel.cpu.sp(0x1230);
    kernel.memory.writeInt(PC, 0xd538_001f); // mrs xzr, midr_el1
    exception(Syndrome.UNKNOWN, 0, 0);
    assertEquals(0x1230, kernel.cpu.sp());
    assertEquals(PC + 4, kernel.cpu.pc());
  }

  @Test
  void trappedCacheMaintenanceIsServedWhereMemoryIs() {
    int ivauOfX3 = 1 << 20 | 1 << 17 | 3 << 14 | 7 << 10 | 3 << 5 | 5 << 1;
    kernel.cpu.x(3, ProgramFixture.DATA + 70);
    exception(Syndrome.SYSTEM_REGISTER, ivauOfX3, 0);
    assertFalse(task.signals().deliverable());
    assertEquals(PC + 4, kernel.cpu.pc());
    kernel.cpu.pc(PC);
    kernel.cpu.x(3, ProgramFixture.HOLE);
    exception(Syndrome.SYSTEM_REGISTER, ivauOfX3, 0);
    expect(Signal.SIGSEGV, SigInfo.SEGV_MAPERR, ProgramFixture.HOLE);
  }

  @Test
  void otherSystemRegistersAreIllegal() {
    int readOfAnUnknownOne = 3 << 20 | 3 << 14 | 9 << 10 | 12 << 1 | 1;
    exception(Syndrome.SYSTEM_REGISTER, readOfAnUnknownOne, 0);
    expect(Signal.SIGILL, SigInfo.ILL_ILLOPC, PC);
  }

  @Test
  void everySyndromeEndsInASignalOrGoesOn() {
    for (int exceptionClass = 0; exceptionClass < 64; exceptionClass++) {
      kernel.cpu.pc(PC);
      exception(exceptionClass, 0, ProgramFixture.HOLE);
      assertTrue(task.signals().deliverable(), "class " + exceptionClass);
      task.signals().take(0, info);
      assertTrue(Signal.in(Signal.SYNCHRONOUS, info.signal()));
      task.signals().recalculate();
    }
  }
}
