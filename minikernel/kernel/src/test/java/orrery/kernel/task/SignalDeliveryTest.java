package orrery.kernel.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import orrery.kernel.abi.Errno;
import orrery.kernel.abi.SigInfo;
import orrery.kernel.abi.Signal;
import orrery.kernel.memory.AddressSpace;
import orrery.machine.cpu.Vcpu;

final class SignalDeliveryTest {
  private static final long PC = 0x40_0104;
  private static final long HANDLER = 0x40_8000;
  private static final long SP = ProgramFixture.DATA + ProgramFixture.DATA_SIZE - 256;
  private static final long ARGUMENT = 77;
  private static final int NUMBER = 63;
  private static final int NOTHING = 0;

  private final ProgramFixture kernel = new ProgramFixture();
  private final Vcpu cpu = kernel.cpu;
  private final Task task = kernel.task;
  private final TaskSignals signals = task.signals();
  private final SignalHandlers handlers = kernel.process.handlers();
  private final SignalInfo info = new SignalInfo();

  SignalDeliveryTest() {
    task.state = Task.State.RUNNING;
    task.a0 = ARGUMENT;
    task.callNumber = NUMBER;
    for (int i = 0; i <= 30; i++) {
      cpu.x(i, 1000 + i);
    }
    cpu.x(8, NUMBER);
    cpu.pc(PC);
    cpu.sp(SP);
  }

  @AfterEach
  void close() {
    kernel.close();
  }

  private void handle(int signal, int flags, long mask) {
    handlers.set(signal, HANDLER, flags, 0, mask);
  }

  private void send(int signal) {
    kernel.signals.send(task, info.from(signal, SigInfo.SI_USER, 9, 8));
  }

  /** On the way out of a call that answered {@code result}. */
  private boolean deliver(long result) {
    cpu.x(0, result);
    return kernel.delivery.deliver(task, cpu, result);
  }

  private void returnFromHandler() {
    assertEquals(SystemCallDispatcher.NO_RESULT, kernel.delivery.returnFromHandler(task, cpu));
  }

  @ParameterizedTest
  @ValueSource(ints = {Errno.ERESTARTSYS, Errno.ERESTARTNOINTR, Errno.ERESTARTNOHAND})
  void callWithoutHandlerIsMadeAgain(int errno) {
    assertTrue(deliver(-errno));
    assertEquals(PC - 4, cpu.pc());
    assertEquals(ARGUMENT, cpu.x(0));
    assertEquals(NUMBER, cpu.x(8));
  }

  @Test
  void callWithDeadlineIsMadeAgainByRestart() {
    assertTrue(deliver(-Errno.ERESTART_RESTARTBLOCK));
    assertEquals(PC - 4, cpu.pc());
    assertEquals(128, cpu.x(8));
    int[] remade = new int[1];
    long answer =
        signals
            .restartBlock()
            .restart(
                task,
                (t, number, a0, a1, a2, a3, a4, a5) -> {
                  remade[0] = number;
                  return a0;
                });
    assertEquals(NUMBER, remade[0]);
    assertEquals(ARGUMENT, answer);
    assertTrue(task.restarted());
  }

  @Test
  void ordinaryResultIsLeftAlone() {
    assertTrue(deliver(-Errno.EAGAIN));
    assertEquals(PC, cpu.pc());
    assertEquals(-Errno.EAGAIN, cpu.x(0));
  }

  @Test
  void handlerIsEnteredAsLinuxDoes() {
    handle(Signal.SIGUSR1, Signal.SA_SIGINFO, Signal.bit(Signal.SIGUSR2));
    cpu.pstate(0xa000_0000L);
    cpu.vLow(3, 33);
    send(Signal.SIGUSR1);
    assertTrue(deliver(NOTHING));
    long frame = cpu.sp();
    AddressSpace m = kernel.memory;
    assertEquals(0, frame & 15);
    assertEquals(SP - 16 - SignalFrame.SIZE, frame);
    assertEquals(HANDLER, cpu.pc());
    assertEquals(Signal.SIGUSR1, cpu.x(0));
    assertEquals(frame, cpu.x(1));
    assertEquals(frame + 128, cpu.x(2));
    assertEquals(SP - 16, cpu.x(29));
    assertEquals(AddressSpace.SIGRETURN_ADDRESS, cpu.x(30));
    assertEquals(1029, m.readLong(SP - 16));
    assertEquals(1030, m.readLong(SP - 8));
    assertEquals(Signal.SIGUSR1, m.readInt(frame));
    assertEquals(9, m.readInt(frame + 16));
    assertEquals(8, m.readInt(frame + 20));
    assertEquals(PC, m.readLong(frame + SignalFrame.PC));
    assertEquals(SP, m.readLong(frame + SignalFrame.SP));
    assertEquals(0xa000_0000L, m.readLong(frame + SignalFrame.PSTATE));
    assertEquals(33, m.readLong(frame + SignalFrame.RECORDS + 16 + 3 * 16));
    assertEquals(
        Signal.bit(Signal.SIGUSR1) | Signal.bit(Signal.SIGUSR2), signals.mask(), "blocked in it");
  }

  @Test
  void returnFromHandlerRestoresEverything() {
    handle(Signal.SIGUSR1, 0, 0);
    signals.mask(Signal.bit(Signal.SIGHUP));
    cpu.pstate(0x6000_0000L);
    cpu.fpcr(0x0040_0000);
    cpu.vLow(0, -1);
    cpu.vHigh(31, 31);
    send(Signal.SIGUSR1);
    assertTrue(deliver(NOTHING));
    for (int i = 0; i <= 30; i++) {
      cpu.x(i, 5);
    }
    cpu.pstate(0);
    cpu.fpcr(0);
    cpu.vLow(0, 1);
    cpu.vHigh(31, 2);
    returnFromHandler();
    for (int i = 1; i <= 30; i++) {
      assertEquals(i == 8 ? NUMBER : 1000 + i, cpu.x(i));
    }
    assertEquals(PC, cpu.pc());
    assertEquals(SP, cpu.sp());
    assertEquals(0x6000_0000L, cpu.pstate() & 0xf000_0000L);
    assertEquals(0x0040_0000, cpu.fpcr());
    assertEquals(-1, cpu.vLow(0));
    assertEquals(31, cpu.vHigh(31));
    assertEquals(Signal.bit(Signal.SIGHUP), signals.mask());
  }

  @Test
  void handlerWithoutRestartMakesTheCallFail() {
    handle(Signal.SIGUSR1, 0, 0);
    send(Signal.SIGUSR1);
    assertTrue(deliver(-Errno.ERESTARTSYS));
    returnFromHandler();
    assertEquals(PC, cpu.pc());
    assertEquals(-Errno.EINTR, cpu.x(0));
  }

  @Test
  void handlerWithRestartLetsTheCallBeMadeAgain() {
    handle(Signal.SIGUSR1, Signal.SA_RESTART, 0);
    send(Signal.SIGUSR1);
    assertTrue(deliver(-Errno.ERESTARTSYS));
    returnFromHandler();
    assertEquals(PC - 4, cpu.pc());
    assertEquals(ARGUMENT, cpu.x(0));
  }

  @ParameterizedTest
  @ValueSource(ints = {Errno.ERESTARTNOHAND, Errno.ERESTART_RESTARTBLOCK})
  void someCallsFailWhateverTheHandlerSays(int errno) {
    handle(Signal.SIGUSR1, Signal.SA_RESTART, 0);
    send(Signal.SIGUSR1);
    assertTrue(deliver(-errno));
    returnFromHandler();
    assertEquals(PC, cpu.pc());
    assertEquals(-Errno.EINTR, cpu.x(0));
    assertEquals(NUMBER, cpu.x(8));
  }

  @Test
  void severalSignalsNest() {
    handle(Signal.SIGUSR1, 0, 0);
    handle(Signal.SIGUSR2, 0, 0);
    send(Signal.SIGUSR1);
    send(Signal.SIGUSR2);
    assertTrue(deliver(NOTHING));
    assertEquals(Signal.SIGUSR2, cpu.x(0));
    returnFromHandler();
    assertEquals(Signal.SIGUSR1, cpu.x(0));
    assertEquals(HANDLER, cpu.pc());
    returnFromHandler();
    assertEquals(PC, cpu.pc());
    assertEquals(SP, cpu.sp());
    assertFalse(signals.deliverable());
  }

  @Test
  void handlerOnTheAlternateStack() {
    long base = ProgramFixture.DATA;
    handle(Signal.SIGUSR1, Signal.SA_ONSTACK, 0);
    assertEquals(0, signals.changeStack(base, 0x2000, 0, SP));
    send(Signal.SIGUSR1);
    assertTrue(deliver(NOTHING));
    assertEquals(base + 0x2000 - 16 - SignalFrame.SIZE, cpu.sp());
    returnFromHandler();
    assertEquals(SP, cpu.sp());
    assertEquals(base, signals.stackBase());
  }

  @Test
  void handlerThatResetsRunsOnce() {
    handle(Signal.SIGUSR1, Signal.SA_RESETHAND | Signal.SA_NODEFER, 0);
    send(Signal.SIGUSR1);
    assertTrue(deliver(NOTHING));
    assertEquals(Signal.SIG_DFL, handlers.handler(Signal.SIGUSR1));
    assertEquals(0, signals.mask());
  }

  @Test
  void temporaryMaskIsInForceInTheHandlerAndGoneAfterIt() {
    handle(Signal.SIGUSR1, 0, 0);
    signals.mask(Signal.bit(Signal.SIGUSR1));
    send(Signal.SIGUSR1);
    signals.saveMask(Signal.bit(Signal.SIGHUP));
    assertTrue(deliver(-Errno.ERESTARTNOHAND));
    assertEquals(Signal.bit(Signal.SIGUSR1) | Signal.bit(Signal.SIGHUP), signals.mask());
    returnFromHandler();
    assertEquals(Signal.bit(Signal.SIGUSR1), signals.mask());
  }

  @Test
  void temporaryMaskEndsWithoutAHandlerToo() {
    signals.mask(Signal.bit(Signal.SIGUSR1));
    signals.saveMask(0);
    assertTrue(deliver(-Errno.ERESTARTNOHAND));
    assertEquals(Signal.bit(Signal.SIGUSR1), signals.mask());
  }

  @Test
  void stopIsRememberedWithTheInterruptedCall() {
    handle(Signal.SIGCONT, 0, 0);
    send(Signal.SIGSTOP);
    assertFalse(deliver(-Errno.ERESTARTSYS));
    assertEquals(Task.State.STOPPED, task.state());
    assertTrue(kernel.process.isStopped());
    send(Signal.SIGCONT);
    assertEquals(Task.State.RUNNABLE, task.state());
    task.state = Task.State.RUNNING;
    assertTrue(task.attention);
    assertTrue(kernel.delivery.deliver(task, cpu, 0));
    assertEquals(HANDLER, cpu.pc());
    returnFromHandler();
    assertEquals(-Errno.EINTR, cpu.x(0));
    assertEquals(PC, cpu.pc());
  }

  @Test
  void terminalStopOfAnOrphanedGroupIsIgnored() {
    send(Signal.SIGTSTP);
    assertTrue(deliver(NOTHING));
    assertFalse(kernel.process.isStopped());
  }

  @Test
  void handlerWithoutAStackEndsInAFault() {
    handle(Signal.SIGUSR1, 0, 0);
    handlers.set(Signal.SIGSEGV, HANDLER + 4, Signal.SA_ONSTACK, 0, 0);
    assertEquals(0, signals.changeStack(ProgramFixture.DATA, 0x4000, 0, SP));
    cpu.sp(ProgramFixture.HOLE);
    send(Signal.SIGUSR1);
    assertTrue(deliver(NOTHING));
    assertEquals(HANDLER + 4, cpu.pc());
    assertEquals(Signal.SIGSEGV, cpu.x(0));
  }

  @Test
  void frameThatIsNotTheKernelsIsAFault() {
    long[] stacks = {SP + 8, ProgramFixture.HOLE, -16, 0};
    for (long sp : stacks) {
      cpu.sp(sp);
      returnFromHandler();
      assertEquals(Signal.SIGSEGV, signals.take(0, info));
      assertEquals(sp, info.word(0));
      assertEquals(PC, cpu.pc());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0x5, 0x9, 0x10, 0x3c0, 0x80})
  void programCannotReturnToAnotherLevel(long pstate) {
    handle(Signal.SIGUSR1, 0, 0);
    send(Signal.SIGUSR1);
    assertTrue(deliver(NOTHING));
    kernel.memory.writeLong(cpu.sp() + SignalFrame.PSTATE, pstate);
    returnFromHandler();
    assertTrue(signals.deliverable());
    assertEquals(Signal.SIGSEGV, signals.take(0, info));
  }

  @Test
  void programCanSetOnlyConditionFlags() {
    handle(Signal.SIGUSR1, 0, 0);
    send(Signal.SIGUSR1);
    assertTrue(deliver(NOTHING));
    kernel.memory.writeLong(cpu.sp() + SignalFrame.PSTATE, 0xffff_ffff_ffff_fc20L);
    returnFromHandler();
    assertEquals(PC, cpu.pc());
    assertEquals(0xf000_0000L, cpu.pstate() & ~0x3c0L & 0xffff_ffffL);
  }
}
