package orrery.kernel.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import orrery.kernel.wait.WaitQueue;
import orrery.machine.cpu.UserContext;

/** Threads on a CPU whose registers tell who is loaded. */
final class SchedulerTest {
  private static final int CALL = 7;
  private static final int MARK = 19;

  private final ProgramFixture f = new ProgramFixture();
  private final Scheduler scheduler = f.scheduler;
  private final WaitQueue queue = new WaitQueue();
  private final List<Task> callers = new ArrayList<>();
  private boolean sleeps;
  private Task a;
  private Task b;
  private Task c;

  @BeforeEach
  void threadsWithMarks() {
    scheduler.attach(this::call, () -> {}, f.delivery);
    a = thread(10);
    b = thread(11);
    c = thread(12);
  }

  @AfterEach
  void close() {
    f.close();
  }

  private Task thread(int tid) {
    Task t =
        new Task(
            tid, f.process, scheduler, new UserContext(), f.memory.share(), null, null, "test");
    t.context().x(MARK, tid);
    f.process.threads().add(t);
    f.table.add(t);
    return t;
  }

  private long call(Task t, int number, long a0, long a1, long a2, long a3, long a4, long a5) {
    assertEquals(CALL, number);
    callers.add(t);
    return sleeps ? t.sleepOn(queue) : a0 + 1;
  }

  private void assertRuns(Task t) {
    assertSame(t, scheduler.current());
    assertEquals(t.tid(), f.cpu.x(MARK));
  }

  private void systemCall(long argument) {
    f.cpu.x(8, CALL);
    f.cpu.x(0, argument);
    scheduler.systemCall();
  }

  @Test
  void theFirstThreadIsLoaded() {
    scheduler.startWith(a);
    assertRuns(a);
    assertEquals(1, scheduler.runnable());
  }

  @Test
  void aCallsResultIsInX0AndTheThreadGoesOn() {
    scheduler.startWith(a);
    scheduler.enqueue(b);
    systemCall(41);
    assertRuns(a);
    assertEquals(42, f.cpu.x(0));
  }

  @Test
  void whoYieldsGoesToTheEndOfTheQueue() {
    scheduler.startWith(a);
    scheduler.enqueue(b);
    scheduler.enqueue(c);
    for (Task next : List.of(b, c, a, b)) {
      scheduler.yield();
      scheduler.leaveException();
      assertRuns(next);
    }
  }

  @Test
  void whoYieldsAloneGoesOn() {
    scheduler.startWith(a);
    long switches = scheduler.switches();
    scheduler.yield();
    scheduler.leaveException();
    assertRuns(a);
    assertEquals(switches, scheduler.switches());
  }

  @Test
  void whoIsTakenOutOfTheQueueDoesNotRun() {
    scheduler.startWith(a);
    scheduler.enqueue(b);
    scheduler.enqueue(c);
    scheduler.dequeue(b);
    assertEquals(2, scheduler.runnable());
    scheduler.yield();
    scheduler.leaveException();
    assertRuns(c);
    scheduler.yield();
    scheduler.leaveException();
    assertRuns(a);
  }

  @Test
  void theLastOfTheQueueCanBeTakenOutAndOthersPutBehind() {
    scheduler.startWith(a);
    scheduler.enqueue(b);
    scheduler.enqueue(c);
    scheduler.dequeue(c);
    scheduler.enqueue(c);
    assertEquals(3, scheduler.runnable());
    scheduler.dequeue(b);
    scheduler.dequeue(c);
    scheduler.dequeue(c);
    assertEquals(1, scheduler.runnable());
  }

  @Test
  void aSleepingCallIsMadeAgainWhenItsThreadRunsAgain() {
    scheduler.startWith(a);
    scheduler.enqueue(b);
    sleeps = true;
    systemCall(5);
    assertRuns(b);
    assertEquals(List.of(a), callers);
    sleeps = false;
    queue.wakeAll();
    f.cpu.x(0, 99);
    scheduler.yield();
    scheduler.leaveException();
    assertRuns(a);
    assertEquals(List.of(a, a), callers);
    assertEquals(6, f.cpu.x(0));
  }

  @Test
  void registersComeBackAsTheyWere() {
    scheduler.startWith(a);
    scheduler.enqueue(b);
    f.cpu.x(5, 555);
    scheduler.yield();
    scheduler.leaveException();
    f.cpu.x(5, 666);
    scheduler.yield();
    scheduler.leaveException();
    assertRuns(a);
    assertEquals(555, f.cpu.x(5));
  }

  @Test
  void aNewProgramBeginsWithClearRegisters() {
    scheduler.startWith(a);
    scheduler.enter(a, 0x1000, 0x2000);
    assertEquals(0x1000, f.cpu.pc());
    assertEquals(0x2000, f.cpu.sp());
    assertEquals(0, f.cpu.x(MARK));
  }

  @Test
  void nothingRunsAnyMoreOnceItHasStopped() {
    scheduler.startWith(a);
    scheduler.enqueue(b);
    scheduler.stop();
    scheduler.yield();
    scheduler.leaveException();
    assertSame(a, scheduler.current());
  }
}
