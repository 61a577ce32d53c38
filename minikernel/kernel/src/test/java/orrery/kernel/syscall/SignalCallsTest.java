package orrery.kernel.syscall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.abi.SigInfo;
import orrery.kernel.abi.Signal;
import orrery.kernel.memory.AddressSpace;
import orrery.kernel.task.Process;
import orrery.kernel.task.ProgramFixture;
import orrery.kernel.task.Task;
import orrery.kernel.task.TaskSignals;
import orrery.kernel.wait.Caller;

final class SignalCallsTest {
  private static final long IN = ProgramFixture.DATA;
  private static final long OUT = ProgramFixture.DATA + 0x200;
  private static final int SIZE = 8;

  private final ProgramFixture kernel = new ProgramFixture();
  private final SignalCalls calls = new SignalCalls(kernel.table, kernel.signals, kernel.delivery);
  private final AddressSpace memory = kernel.memory;
  private final Task task = kernel.task;
  private final TaskSignals signals = task.signals();

  @AfterEach
  void close() {
    kernel.close();
  }

  private long set(long signals) {
    memory.writeLong(IN, signals);
    return IN;
  }

  @Test
  void actionIsKeptAndToldBack() {
    memory.writeLong(IN, 0x40_0000);
    memory.writeLong(IN + 8, Integer.toUnsignedLong(Signal.SA_RESETHAND | Signal.SA_RESTART));
    memory.writeLong(IN + 24, -1);
    assertEquals(0, calls.action(task, Signal.SIGTERM, IN, 0, SIZE));
    assertEquals(0, calls.action(task, Signal.SIGTERM, 0, OUT, SIZE));
    assertEquals(0x40_0000, memory.readLong(OUT));
    assertEquals(memory.readLong(IN + 8), memory.readLong(OUT + 8));
    assertEquals(~Signal.UNBLOCKABLE, memory.readLong(OUT + 24));
  }

  @Test
  void killAndStopHaveNoAction() {
    assertEquals(-Errno.EINVAL, calls.action(task, Signal.SIGKILL, IN, 0, SIZE));
    assertEquals(-Errno.EINVAL, calls.action(task, Signal.SIGSTOP, IN, 0, SIZE));
    assertEquals(0, calls.action(task, Signal.SIGKILL, 0, OUT, SIZE));
    assertEquals(-Errno.EINVAL, calls.action(task, 65, 0, OUT, SIZE));
    assertEquals(-Errno.EINVAL, calls.action(task, 1, 0, OUT, 16));
  }

  @Test
  void ignoringASignalForgetsWhatWaits() {
    signals.mask(-1);
    calls.kill(task, 2, Signal.SIGTERM);
    assertTrue(Signal.in(signals.waiting(), Signal.SIGTERM));
    memory.writeLong(IN, Signal.SIG_IGN);
    calls.action(task, Signal.SIGTERM, IN, 0, SIZE);
    assertFalse(Signal.in(signals.waiting(), Signal.SIGTERM));
  }

  @Test
  void maskIsChangedInThreeWays() {
    assertEquals(0, calls.mask(task, Signal.SIG_SETMASK, set(6), 0, SIZE));
    assertEquals(0, calls.mask(task, Signal.SIG_BLOCK, set(8), 0, SIZE));
    assertEquals(0, calls.mask(task, Signal.SIG_UNBLOCK, set(2), OUT, SIZE));
    assertEquals(14, memory.readLong(OUT));
    assertEquals(12, signals.mask());
    assertEquals(-Errno.EINVAL, calls.mask(task, 3, IN, 0, SIZE));
    assertEquals(0, calls.mask(task, 3, 0, OUT, SIZE));
  }

  @Test
  void pendingTellsBlockedSignalsOnly() {
    signals.mask(Signal.bit(Signal.SIGHUP));
    calls.kill(task, 2, Signal.SIGHUP);
    calls.tkill(task, 2, Signal.SIGINT);
    assertEquals(0, calls.pending(task, OUT, SIZE));
    assertEquals(Signal.bit(Signal.SIGHUP), memory.readLong(OUT));
  }

  @Test
  void timedWaitTakesWhatWaits() {
    signals.mask(-1);
    calls.kill(task, 2, Signal.SIGUSR1);
    long wanted = set(Signal.bit(Signal.SIGUSR1) | Signal.bit(Signal.SIGUSR2));
    assertEquals(Signal.SIGUSR1, calls.timedWait(task, wanted, OUT, 0, SIZE));
    assertEquals(Signal.SIGUSR1, memory.readInt(OUT));
    assertEquals(SigInfo.SI_USER, memory.readInt(OUT + SigInfo.CODE));
    assertEquals(2, memory.readInt(OUT + SigInfo.PID));
  }

  @Test
  void timedWaitSleepsUntilOneComes() {
    signals.mask(-1);
    long wanted = set(Signal.bit(Signal.SIGUSR1));
    assertEquals(Caller.BLOCKED, calls.timedWait(task, wanted, 0, 0, SIZE));
    calls.kill(task, 2, Signal.SIGUSR2);
    assertEquals(Task.State.SLEEPING, task.state());
    calls.kill(task, 2, Signal.SIGUSR1);
    assertEquals(Task.State.RUNNABLE, task.state());
    task.resumeCall();
    assertEquals(Signal.SIGUSR1, calls.timedWait(task, wanted, 0, 0, SIZE));
    assertFalse(signals.deliverable());
  }

  @Test
  void timedWaitWithoutTimeOnlyLooks() {
    assertEquals(-Errno.EAGAIN, calls.timedWait(task, set(1), 0, OUT, SIZE));
  }

  @Test
  void suspendSleepsWithTheOtherMask() {
    signals.mask(Signal.bit(Signal.SIGUSR1));
    assertEquals(Caller.BLOCKED, calls.suspend(task, set(0), SIZE));
    calls.kill(task, 2, Signal.SIGUSR1);
    assertEquals(Task.State.RUNNABLE, task.state());
    task.resumeCall();
    assertEquals(-Errno.ERESTARTNOHAND, calls.suspend(task, IN, SIZE));
  }

  @Test
  void strangersMayNotBeKilled() {
    Process stranger = kernel.process(7, kernel.init);
    kernel.thread(7, stranger, memory);
    stranger.credentials().uids(100, 100, 100);
    assertEquals(0, calls.kill(task, 7, 0));
    kernel.process.credentials().uids(200, 200, 200);
    assertEquals(-Errno.EPERM, calls.kill(task, 7, 0));
    assertEquals(-Errno.EPERM, calls.tgkill(task, 7, 7, Signal.SIGTERM));
    assertEquals(0, calls.kill(task, 7, Signal.SIGCONT), "same session");
    stranger.credentials().uids(0, 0, 200);
    assertEquals(0, calls.kill(task, 7, Signal.SIGTERM));
  }

  @Test
  void nobodyIsKilledWhoIsNotThere() {
    assertEquals(-Errno.ESRCH, calls.kill(task, 99, 0));
    assertEquals(-Errno.ESRCH, calls.kill(task, -99, 0));
    assertEquals(-Errno.ESRCH, calls.kill(task, Integer.MIN_VALUE, 0));
    assertEquals(-Errno.ESRCH, calls.tgkill(task, 1, 2, 0));
    assertEquals(-Errno.EINVAL, calls.tgkill(task, 0, 2, 0));
    assertEquals(-Errno.EINVAL, calls.kill(task, 2, 65));
  }

  @Test
  void killOfAllSparesInitAndTheCaller() {
    Task other = kernel.thread(7, kernel.process(7, kernel.init), memory);
    assertEquals(0, calls.kill(task, -1, Signal.SIGTERM));
    assertTrue(other.signals().deliverable());
    assertFalse(signals.deliverable());
    assertFalse(kernel.init.leader().signals().deliverable());
  }

  @Test
  void nobodyPretendsToBeTheKernel() {
    memory.writeInt(IN + SigInfo.CODE, SigInfo.SI_USER);
    assertEquals(-Errno.EPERM, calls.queueInfo(task, 1, Signal.SIGTERM, IN));
    memory.writeInt(IN + SigInfo.CODE, SigInfo.SI_QUEUE);
    memory.writeLong(IN + SigInfo.VALUE, 42);
    signals.mask(-1);
    assertEquals(0, calls.queueInfo(task, 2, Signal.SIGRTMIN, IN));
    long wanted = set(Signal.bit(Signal.SIGRTMIN));
    assertEquals(Signal.SIGRTMIN, calls.timedWait(task, wanted, OUT, 0, SIZE));
    assertEquals(42, memory.readLong(OUT + SigInfo.VALUE));
  }

  @Test
  void badPointersAreRefused() {
    long hole = ProgramFixture.HOLE;
    assertThrows(ErrnoException.class, () -> calls.action(task, Signal.SIGTERM, hole, 0, SIZE));
    assertThrows(ErrnoException.class, () -> calls.mask(task, 0, hole, 0, SIZE));
    assertThrows(ErrnoException.class, () -> calls.suspend(task, hole, SIZE));
    assertThrows(ErrnoException.class, () -> calls.alternateStack(task, hole, 0));
    assertThrows(ErrnoException.class, () -> calls.queueInfo(task, 2, 1, hole));
  }
}
