package orrery.kernel.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import orrery.kernel.abi.Errno;
import orrery.kernel.abi.SigInfo;
import orrery.kernel.abi.Signal;
import orrery.kernel.wait.Caller;
import orrery.kernel.wait.WaitQueue;
import orrery.machine.clock.MachineClock;

final class SignalsTest {
  private static final long HANDLER = 0x40_0000;

  private final Scheduler scheduler = new Scheduler(null, new MachineClock());
  private final ProcessTable table = new ProcessTable(100);
  private final Signals signals = new Signals();
  private final JobControl jobs = new JobControl(table, signals);
  private final TestProcesses processes = new TestProcesses(table, scheduler);
  private final SignalInfo info = new SignalInfo();
  private final WaitQueue never = new WaitQueue();

  private Process parent;
  private Process child;
  private Task leader;
  private Task second;

  @BeforeEach
  void makeProcesses() {
    signals.attach(jobs);
    parent = processes.process(1, null);
    processes.thread(1, parent);
    child = processes.process(2, parent);
    leader = processes.thread(2, child);
    second = processes.thread(3, child);
  }

  private void sleep(Task t) {
    assertEquals(Caller.BLOCKED, t.sleepOn(never));
  }

  private static void handle(Process p, int signal) {
    p.handlers().set(signal, HANDLER, 0, 0, 0);
  }

  private int take(Task t) {
    int signal = t.signals().take(t.signals().mask(), info);
    t.signals().recalculate();
    return signal;
  }

  @Test
  void blockedSignalWaitsUntilItIsUnblocked() {
    leader.signals().mask(Signal.bit(Signal.SIGTERM));
    signals.sendFromKernel(leader, Signal.SIGTERM);
    assertFalse(leader.signals().deliverable());
    assertEquals(Signal.bit(Signal.SIGTERM), leader.signals().waiting());
    leader.signals().mask(0);
    assertTrue(leader.signals().deliverable());
    assertEquals(Signal.SIGTERM, take(leader));
    assertFalse(leader.signals().deliverable());
  }

  @Test
  void killAndStopCannotBeBlocked() {
    leader.signals().mask(-1);
    assertEquals(~Signal.UNBLOCKABLE, leader.signals().mask());
  }

  @Test
  void ignoredSignalIsDroppedUnlessItIsBlocked() {
    child.handlers().set(Signal.SIGUSR1, Signal.SIG_IGN, 0, 0, 0);
    signals.sendFromKernel(leader, Signal.SIGUSR1);
    signals.sendFromKernel(child, Signal.SIGWINCH);
    assertEquals(0, leader.signals().waiting());
    leader.signals().mask(Signal.bit(Signal.SIGUSR1));
    signals.sendFromKernel(leader, Signal.SIGUSR1);
    assertEquals(Signal.bit(Signal.SIGUSR1), leader.signals().waiting());
  }

  @Test
  void signalToAProcessInterruptsAThreadThatDoesNotBlockIt() {
    sleep(leader);
    sleep(second);
    leader.signals().mask(Signal.bit(Signal.SIGINT));
    signals.sendFromKernel(child, Signal.SIGINT);
    assertEquals(Task.State.SLEEPING, leader.state());
    assertEquals(Task.State.RUNNABLE, second.state());
    assertTrue(second.signals().deliverable());
    assertEquals(Signal.SIGINT, take(second));
  }

  @Test
  void signalThatItsThreadBlocksAfterAllGoesToAnother() {
    sleep(second);
    signals.sendFromKernel(child, Signal.SIGINT);
    assertTrue(leader.signals().deliverable());
    assertFalse(second.signals().deliverable());
    leader.signals().mask(Signal.bit(Signal.SIGINT));
    assertFalse(leader.signals().deliverable());
    assertTrue(second.signals().deliverable());
    assertEquals(Task.State.RUNNABLE, second.state());
  }

  @Test
  void signalToOneThreadIsNotTakenByAnother() {
    signals.sendFromKernel(second, Signal.SIGUSR2);
    assertEquals(0, take(leader));
    assertEquals(Signal.SIGUSR2, take(second));
  }

  @Test
  void sleepEndsAtOnceIfASignalWaits() {
    signals.sendFromKernel(leader, Signal.SIGTERM);
    assertEquals(-Errno.ERESTARTSYS, leader.sleepOn(never));
    assertTrue(never.isEmpty());
  }

  @Test
  void stopAndContinueCancelEachOther() {
    handle(child, Signal.SIGCONT);
    leader.signals().mask(Signal.bit(Signal.SIGCONT) | Signal.bit(Signal.SIGTSTP));
    signals.sendFromKernel(child, Signal.SIGTSTP);
    signals.sendFromKernel(leader, Signal.SIGTSTP);
    signals.sendFromKernel(child, Signal.SIGCONT);
    assertEquals(Signal.bit(Signal.SIGCONT), leader.signals().waiting());
    signals.sendFromKernel(child, Signal.SIGTSTP);
    assertEquals(Signal.bit(Signal.SIGTSTP), leader.signals().waiting());
  }

  @Test
  void continueWakesStoppedThreadsAndTellsTheParent() {
    handle(parent, Signal.SIGCHLD);
    sleep(second);
    jobs.stop(child, Signal.SIGTSTP);
    assertEquals(Signal.SIGCHLD, take(parent.leader()));
    assertEquals(SigInfo.CLD_STOPPED, info.code());
    assertEquals(Signal.SIGTSTP, (int) info.word(1));
    assertEquals(Task.State.STOPPED, leader.state());
    assertEquals(Task.State.STOPPED, second.state());
    signals.sendFromKernel(child, Signal.SIGCONT);
    assertEquals(Task.State.RUNNABLE, leader.state());
    assertEquals(Task.State.RUNNABLE, second.state());
    assertEquals(Signal.SIGCHLD, take(parent.leader()));
    assertEquals(SigInfo.CLD_CONTINUED, info.code());
    assertFalse(child.isStopped());
  }

  @Test
  void signalToAStoppedProcessIsDeliveredOnceItGoesOn() {
    jobs.stop(child, Signal.SIGSTOP);
    signals.sendFromKernel(child, Signal.SIGTERM);
    signals.sendFromKernel(second, Signal.SIGUSR1);
    assertEquals(Task.State.STOPPED, leader.state());
    signals.sendFromKernel(child, Signal.SIGCONT);
    assertTrue(leader.signals().deliverable());
    assertTrue(second.signals().deliverable());
    assertEquals(Signal.SIGTERM, take(leader));
  }

  @Test
  void killReachesAStoppedProcess() {
    jobs.stop(child, Signal.SIGSTOP);
    signals.sendFromKernel(child, Signal.SIGKILL);
    assertTrue(leader.signals().fatal());
    assertEquals(Task.State.RUNNABLE, leader.state());
  }

  @Test
  void awaitedSignalWakesThoughItIsBlocked() {
    long awaited = Signal.bit(Signal.SIGUSR1);
    leader.signals().mask(awaited);
    leader.signals().await(awaited);
    sleep(leader);
    signals.sendFromKernel(child, Signal.SIGUSR1);
    assertEquals(Task.State.RUNNABLE, leader.state());
    assertEquals(0, take(leader), "is not delivered");
    assertEquals(Signal.SIGUSR1, leader.signals().take(~awaited, info));
    leader.signals().await(0);
    assertFalse(leader.signals().deliverable());
  }

  @Test
  void temporaryMaskEndsWithTheCallUnlessASignalEndsIt() {
    long mask = Signal.bit(Signal.SIGUSR1);
    leader.signals().mask(mask);
    leader.signals().saveMask(0);
    assertEquals(-Errno.ERESTARTNOHAND, leader.signals().endTemporaryMask(-Errno.ERESTARTNOHAND));
    assertEquals(0, leader.signals().mask());
    assertEquals(mask, leader.signals().maskForFrame());
    assertEquals(1, leader.signals().endTemporaryMask(1));
    assertEquals(mask, leader.signals().mask());
    assertFalse(leader.signals().restoreMask());
  }

  @Test
  void queuedSignalsAreLimitedAndKillIsNot() {
    child.limits().set(Limits.SIGPENDING, 1, 1);
    leader.signals().mask(-1);
    int signal = Signal.SIGRTMIN;
    assertTrue(signals.send(leader, info.from(signal, SigInfo.SI_QUEUE, 1, 0)));
    assertFalse(signals.send(leader, info.from(signal, SigInfo.SI_QUEUE, 1, 0)));
    assertTrue(signals.send(leader, info.from(Signal.SIGTERM, SigInfo.SI_USER, 1, 0)));
    assertTrue(Signal.in(leader.signals().waiting(), Signal.SIGTERM));
  }

  @Test
  void faultCannotBeBlockedOrIgnored() {
    child.handlers().set(Signal.SIGSEGV, HANDLER, 0, 0, 0);
    leader.signals().mask(Signal.bit(Signal.SIGSEGV));
    signals.force(leader, info.fault(Signal.SIGSEGV, SigInfo.SEGV_MAPERR, 0x10));
    assertTrue(leader.signals().deliverable());
    assertEquals(Signal.SIG_DFL, child.handlers().handler(Signal.SIGSEGV));
  }

  @Test
  void signalsLeftByAThreadThatEndsGoToItsSiblings() {
    sleep(second);
    signals.sendFromKernel(child, Signal.SIGHUP);
    assertTrue(leader.signals().deliverable());
    leader.signals().discard();
    assertTrue(second.signals().deliverable());
  }

  @Test
  void signalfdIsWokenByEverySignal() {
    leader.signals().mask(-1);
    second.signals().mask(-1);
    assertEquals(Caller.BLOCKED, leader.sleepOn(child.signals().arrivals()));
    signals.sendFromKernel(child, Signal.SIGTERM);
    assertEquals(Task.State.RUNNABLE, leader.state());
  }

  @Test
  void alternateStackInUseCannotBeChanged() {
    TaskSignals s = leader.signals();
    long base = 0x10_0000;
    assertEquals(Signal.SS_DISABLE, s.stackFlags(base));
    assertEquals(-Errno.ENOMEM, s.changeStack(base, Signal.MINSIGSTKSZ - 1, 0, 0));
    assertEquals(-Errno.EINVAL, s.changeStack(base, 8192, 4, 0));
    assertEquals(0, s.changeStack(base, 8192, 0, 0));
    assertEquals(0, s.stackFlags(base));
    assertEquals(Signal.SS_ONSTACK, s.stackFlags(base + 8192));
    assertEquals(-Errno.EPERM, s.changeStack(base, 16384, 0, base + 1));
    assertEquals(base + 8192, s.stackTop(0x5000));
    assertEquals(base + 100, s.stackTop(base + 100));
    assertEquals(0, s.changeStack(0, 0, Signal.SS_DISABLE, 0));
    assertEquals(Signal.SS_DISABLE, s.stackFlags(base));
  }

  @Test
  void periodicTimerCountsWhatItsSignalMissed() {
    handle(child, Signal.SIGALRM);
    PosixTimer timer = timer();
    long interval = 1_000_000_000;
    long now = scheduler.now();
    timer.restart(now - 3 * interval - interval / 2, interval);
    scheduler.timers().expire(scheduler.now());
    assertTrue(leader.signals().deliverable());
    assertFalse(timer.isArmed(), "goes on when its signal is taken");
    assertEquals(Signal.SIGALRM, take(leader));
    assertEquals(SigInfo.SI_TIMER, info.code());
    assertEquals(3, (int) (info.word(0) >>> 32));
    assertEquals(3, timer.overrun());
    assertTrue(timer.isArmed());
    // the way from the timer's own time to the queue's costs a moment
    assertTrue(timer.deadline() - now >= interval / 2);
    assertTrue(timer.deadline() - now < interval);
  }

  @Test
  void deletedTimerTakesItsSignalBack() {
    handle(child, Signal.SIGALRM);
    PosixTimer timer = timer();
    timer.restart(scheduler.now(), 0);
    scheduler.timers().expire(scheduler.now());
    assertEquals(Signal.bit(Signal.SIGALRM), leader.signals().waiting());
    assertTrue(child.signals().posixTimers().delete(timer.id()));
    assertEquals(0, leader.signals().waiting());
    assertFalse(child.signals().posixTimers().delete(timer.id()));
  }

  @Test
  void ignoredPeriodicTimerGoesOnWithoutFloodingTheKernel() {
    child.handlers().set(Signal.SIGALRM, Signal.SIG_IGN, 0, 0, 0);
    PosixTimer timer = timer();
    timer.restart(scheduler.now(), 1);
    long before = scheduler.now();
    scheduler.timers().expire(before);
    assertTrue(timer.isArmed());
    assertTrue(timer.deadline() >= before + CountdownTimer.TICK);
  }

  private PosixTimer timer() {
    return child
        .signals()
        .posixTimers()
        .create(
            leader,
            signals,
            Clocks.MONOTONIC,
            CountdownTimer.Base.MACHINE_TIME,
            Signal.SIGALRM,
            0,
            true,
            null);
  }
}
