package orrery.kernel.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import orrery.kernel.abi.Errno;
import orrery.kernel.abi.Signal;
import orrery.kernel.memory.AddressSpace;
import orrery.kernel.wait.Caller;

final class FutexesTest {
  private static final long WORD = ProgramFixture.DATA + 0x100;
  private static final long SHARED_WORD = ProgramFixture.SHARED + 0x100;
  private static final int OWNER_DIED = 0x4000_0000;
  private static final int WAITERS = 0x8000_0000;
  private static final boolean PRIVATE = false;

  private final ProgramFixture kernel = new ProgramFixture();
  private final Futexes futexes = kernel.futexes;
  private final AddressSpace memory = kernel.memory;
  private final Task first = kernel.task;
  private final Task second = kernel.thread(3, kernel.process, memory);
  private final Task third = kernel.thread(4, kernel.process, memory);

  @AfterEach
  void close() {
    kernel.close();
  }

  private long await(Task t, long address, boolean shared, int value) {
    return futexes.await(t, address, shared, value, Futexes.ANY, Errno.ERESTARTSYS);
  }

  private static void begin(Task t) {
    t.beginCall();
    t.state = Task.State.RUNNING;
  }

  private static void resume(Task t) {
    assertEquals(Task.State.RUNNABLE, t.state());
    t.scheduler().dequeue(t);
    t.state = Task.State.RUNNING;
    t.resumeCall();
  }

  @Test
  void waitsOnlyWhileTheWordHasTheValue() {
    memory.writeInt(WORD, 5);
    begin(first);
    assertEquals(-Errno.EAGAIN, await(first, WORD, PRIVATE, 4));
    assertEquals(Caller.BLOCKED, await(first, WORD, PRIVATE, 5));
    memory.writeInt(WORD, 6);
    assertEquals(1, futexes.wake(second, WORD, PRIVATE, 10, Futexes.ANY));
    resume(first);
    assertEquals(0, await(first, WORD, PRIVATE, 5));
    assertEquals(0, futexes.wake(second, WORD, PRIVATE, 10, Futexes.ANY));
  }

  @Test
  void wakeUpWithoutCauseSleepsAgain() {
    begin(first);
    assertEquals(Caller.BLOCKED, await(first, WORD, PRIVATE, 0));
    first.wake();
    resume(first);
    assertEquals(Caller.BLOCKED, await(first, WORD, PRIVATE, 0));
    assertEquals(1, futexes.wake(second, WORD, PRIVATE, 1, Futexes.ANY));
  }

  @Test
  void signalEndsTheWait() {
    begin(first);
    kernel.process.handlers().set(Signal.SIGUSR1, 0x1000, 0, 0, 0);
    assertEquals(Caller.BLOCKED, await(first, WORD, PRIVATE, 0));
    kernel.signals.sendFromKernel(first, Signal.SIGUSR1);
    resume(first);
    assertEquals(-Errno.ERESTARTSYS, await(first, WORD, PRIVATE, 0));
    assertEquals(0, futexes.wake(second, WORD, PRIVATE, 1, Futexes.ANY));
  }

  @Test
  void deadlineEndsTheWait() {
    begin(first);
    first.deadlineOnce(kernel.scheduler.now());
    assertEquals(-Errno.ETIMEDOUT, await(first, WORD, PRIVATE, 0));
    assertEquals(0, futexes.wake(second, WORD, PRIVATE, 1, Futexes.ANY));
  }

  @Test
  void forkedProcessesShareWhatTheyMappedShared() {
    Process child = kernel.process(5, kernel.process);
    Task other = kernel.thread(5, child, memory.fork());
    begin(first);
    assertEquals(Caller.BLOCKED, await(first, SHARED_WORD, true, 0));
    assertEquals(0, futexes.wake(other, WORD, true, 1, Futexes.ANY));
    assertEquals(0, futexes.wake(other, SHARED_WORD, PRIVATE, 1, Futexes.ANY));
    assertEquals(1, futexes.wake(other, SHARED_WORD, true, 1, Futexes.ANY));
  }

  @Test
  void privateMemoryIsKnownByItsAddressWhateverTheCallSays() {
    begin(first);
    assertEquals(Caller.BLOCKED, await(first, WORD, true, 0));
    memory.fork();
    memory.writeInt(WORD, 1); // a new frame from now on
    assertEquals(1, futexes.wake(second, WORD, PRIVATE, 1, Futexes.ANY));
  }

  @Test
  void requeuedThreadIsWokenAtItsNewPlace() {
    begin(first);
    begin(second);
    await(first, WORD, PRIVATE, 0);
    await(second, WORD, PRIVATE, 0);
    assertEquals(2, futexes.requeue(third, WORD, WORD + 4, PRIVATE, 1, 1));
    assertEquals(Task.State.RUNNABLE, first.state());
    assertEquals(Task.State.SLEEPING, second.state());
    assertEquals(0, futexes.wake(third, WORD, PRIVATE, 1, Futexes.ANY));
    assertEquals(1, futexes.wake(third, WORD + 4, PRIVATE, 1, Futexes.ANY));
  }

  @Test
  void lockIsHandedOverInOrder() {
    begin(first);
    begin(second);
    begin(third);
    assertEquals(0, futexes.lock(first, WORD, PRIVATE, true));
    assertEquals(first.tid(), memory.readInt(WORD));
    assertEquals(-Errno.EDEADLK, futexes.lock(first, WORD, PRIVATE, true));
    assertEquals(-Errno.EAGAIN, futexes.lock(second, WORD, PRIVATE, false));
    assertEquals(Caller.BLOCKED, futexes.lock(second, WORD, PRIVATE, true));
    assertEquals(Caller.BLOCKED, futexes.lock(third, WORD, PRIVATE, true));
    assertEquals(-Errno.EPERM, futexes.unlock(second, WORD, PRIVATE));
    assertEquals(0, futexes.unlock(first, WORD, PRIVATE));
    assertEquals(second.tid() | WAITERS, memory.readInt(WORD));
    resume(second);
    assertEquals(0, futexes.lock(second, WORD, PRIVATE, true));
    assertEquals(0, futexes.unlock(second, WORD, PRIVATE));
    assertEquals(third.tid(), memory.readInt(WORD));
    resume(third);
    assertEquals(0, futexes.lock(third, WORD, PRIVATE, true));
    assertEquals(0, futexes.unlock(third, WORD, PRIVATE));
    assertEquals(0, memory.readInt(WORD));
  }

  @Test
  void lockOfAThreadThatDoesNotExistIsRefused() {
    begin(first);
    memory.writeInt(WORD, 99);
    assertEquals(-Errno.ESRCH, futexes.lock(first, WORD, PRIVATE, true));
  }

  @Test
  void lockOfAThreadThatEndsGoesToItsWaiter() {
    begin(first);
    begin(second);
    assertEquals(0, futexes.lock(first, WORD, PRIVATE, true));
    assertEquals(Caller.BLOCKED, futexes.lock(second, WORD, PRIVATE, true));
    futexes.threadEnded(first);
    assertEquals(second.tid() | OWNER_DIED, memory.readInt(WORD));
    assertEquals(Task.State.RUNNABLE, second.state());
  }

  @Test
  void endOfAThreadClearsItsIdAndWakesWhoWaitsForIt() {
    memory.writeInt(WORD, first.tid());
    begin(second);
    assertEquals(Caller.BLOCKED, await(second, WORD, true, first.tid()));
    first.clearChildTid(WORD);
    futexes.threadEnded(first);
    assertEquals(0, memory.readInt(WORD));
    assertEquals(Task.State.RUNNABLE, second.state());
  }

  @Test
  void robustLocksAreReleasedAtTheEnd() {
    long head = ProgramFixture.DATA;
    long one = ProgramFixture.DATA + 0x40;
    long two = ProgramFixture.DATA + 0x60;
    long offset = 0x10;
    memory.writeLong(head, one);
    memory.writeLong(head + 8, offset);
    memory.writeLong(head + 16, 0);
    memory.writeLong(one, two);
    memory.writeLong(two, head);
    memory.writeInt(one + offset, first.tid() | WAITERS);
    memory.writeInt(two + offset, second.tid());
    begin(third);
    assertEquals(Caller.BLOCKED, await(third, one + offset, PRIVATE, first.tid() | WAITERS));
    first.robustList(head);
    futexes.threadEnded(first);
    assertEquals(OWNER_DIED | WAITERS, memory.readInt(one + offset));
    assertEquals(second.tid(), memory.readInt(two + offset));
    assertEquals(Task.State.RUNNABLE, third.state());
  }

  @Test
  void brokenRobustListsDoNoHarm() {
    long head = ProgramFixture.DATA;
    long[] entries = {head + 8, ProgramFixture.HOLE, -1, 3};
    for (long entry : entries) {
      memory.writeLong(head, entry);
      memory.writeLong(head + 8, entry); // an endless list, or an odd offset
      first.robustList(head);
      futexes.threadEnded(first);
      assertEquals(0, first.robustList());
    }
  }

  @Test
  void threadThatEndsInAWaitIsForgotten() {
    begin(first);
    assertEquals(Caller.BLOCKED, await(first, WORD, PRIVATE, 0));
    futexes.threadEnded(first);
    assertEquals(0, futexes.wake(second, WORD, PRIVATE, 1, Futexes.ANY));
    begin(first);
    assertFalse(first.restarted());
    assertTrue(await(first, WORD, PRIVATE, 0) == Caller.BLOCKED);
  }
}
