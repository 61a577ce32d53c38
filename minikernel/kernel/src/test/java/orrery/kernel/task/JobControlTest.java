package orrery.kernel.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import orrery.kernel.abi.Errno;
import orrery.kernel.abi.Signal;
import orrery.machine.clock.MachineClock;

final class JobControlTest {
  private static final long HANDLER = 0x40_0000;

  private final Scheduler scheduler = new Scheduler(null, new MachineClock());
  private final ProcessTable table = new ProcessTable(100);
  private final Signals signals = new Signals();
  private final JobControl jobs = new JobControl(table, signals);
  private final TestProcesses processes = new TestProcesses(table, scheduler);
  private final SignalInfo info = new SignalInfo();

  private Process shell;
  private Task shellThread;
  private Process job;
  private Process stranger;

  @BeforeEach
  void makeProcesses() {
    signals.attach(jobs);
    shell = process(10, null, new Session(10));
    shellThread = shell.threads().getFirst();
    job = process(11, shell, shell.session());
    stranger = process(20, shell, new Session(20));
    // what nobody handles is ignored where it is sent
    shell.handlers().set(Signal.SIGCHLD, HANDLER, 0, 0, 0);
  }

  private Process process(int pid, Process parent, Session session) {
    Process p = processes.process(pid, parent, session.id(), session);
    processes.thread(pid, p);
    return p;
  }

  @Test
  void aProcessMayLeadAGroupOfItsOwnInItsSession() {
    assertEquals(0, jobs.setGroup(job, 0, 0));
    assertEquals(11, job.group().id());
    assertSame(shell.session(), job.session());
  }

  @Test
  void aParentMayMoveItsChildUntilTheChildExecutes() {
    assertEquals(0, jobs.setGroup(shell, 11, 11));
    job.executed();
    assertEquals(-Errno.EACCES, jobs.setGroup(shell, 11, 10));
    assertEquals(11, job.group().id());
  }

  @Test
  void whatIsNoGroupOrNoChildIsRefused() {
    assertEquals(-Errno.EINVAL, jobs.setGroup(job, 0, -1));
    assertEquals(-Errno.ESRCH, jobs.setGroup(job, 10, 10));
    assertEquals(-Errno.ESRCH, jobs.setGroup(shell, 99, 99));
    assertEquals(-Errno.EPERM, jobs.setGroup(job, 0, 77));
  }

  @Test
  void nobodyCrossesTheBorderOfASession() {
    assertEquals(-Errno.EPERM, jobs.setGroup(shell, stranger.pid(), 0));
    assertEquals(-Errno.EPERM, jobs.setGroup(job, 0, 20));
  }

  @Test
  void aSessionLeaderStaysWhereItIs() {
    assertEquals(-Errno.EPERM, jobs.setGroup(shell, 0, 0));
  }

  @Test
  void aNewSessionHasItsLeaderAlone() {
    assertEquals(11, jobs.newSession(job));
    assertTrue(job.isSessionLeader());
    assertEquals(11, job.group().id());
    assertEquals(11, job.session().id());
  }

  @Test
  void aGroupLeaderGetsNoNewSession() {
    jobs.setGroup(job, 0, 0);
    assertEquals(-Errno.EPERM, jobs.newSession(job));
  }

  @Test
  void aParentHearsOfAStopAndOfGoingOn() {
    jobs.stop(job, Signal.SIGTSTP);
    assertTrue(job.isStopped());
    assertEquals(Signal.SIGTSTP, job.stopSignal());
    assertTrue(job.stopUnreported());
    assertEquals(Signal.SIGCHLD, takeFromShell());
    jobs.goOn(job);
    assertFalse(job.isStopped());
    assertTrue(job.continueUnreported());
    assertEquals(Signal.SIGCHLD, takeFromShell());
  }

  @Test
  void whatIsNotStoppedNeedNotGoOn() {
    jobs.goOn(job);
    assertFalse(job.continueUnreported());
    assertEquals(0, takeFromShell());
  }

  @Test
  void aStopStopsEveryThread() {
    Task second = new Task(12, job, scheduler, null, null, null, null, "test");
    job.threads().add(second);
    table.add(second);
    scheduler.enqueue(job.leader());
    scheduler.enqueue(second);
    jobs.stop(job, Signal.SIGSTOP);
    assertEquals(0, scheduler.runnable());
    jobs.goOn(job);
    assertEquals(2, scheduler.runnable());
  }

  private int takeFromShell() {
    int signal = shellThread.signals().take(shellThread.signals().mask(), info);
    shellThread.signals().recalculate();
    return signal;
  }
}
