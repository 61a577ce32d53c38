package orrery.kernel.syscall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.memory.AddressSpace;
import orrery.kernel.task.ProgramFixture;
import orrery.kernel.task.Task;
import orrery.kernel.wait.Caller;

final class FutexCallsTest {
  private static final long WORD = ProgramFixture.DATA + 0x100;
  private static final long OTHER = ProgramFixture.DATA + 0x200;
  private static final long TIME = ProgramFixture.DATA + 0x300;
  private static final int WAIT = 128;
  private static final int WAKE = 1 | 128;
  private static final int CMP_REQUEUE = 4 | 128;
  private static final int WAKE_OP = 5 | 128;
  private static final int WAIT_BITSET = 9 | 128;
  private static final int WAKE_BITSET = 10 | 128;

  private final ProgramFixture kernel = new ProgramFixture();
  private final FutexCalls calls = new FutexCalls(kernel.table, kernel.futexes);
  private final AddressSpace memory = kernel.memory;
  private final Task first = kernel.task;
  private final Task second = kernel.thread(3, kernel.process, memory);
  private final Task waker = kernel.thread(4, kernel.process, memory);

  @AfterEach
  void close() {
    kernel.close();
  }

  private long futex(Task t, long address, int operation, int value, long timeout) {
    return calls.futex(t, address, operation, value, timeout, 0, 0);
  }

  @Test
  void waitWithTimeOutHasADeadline() {
    memory.writeLong(TIME, 5);
    long before = kernel.scheduler.now();
    assertEquals(Caller.BLOCKED, futex(first, WORD, WAIT, 0, TIME));
    assertEquals(5, (first.deadline() - before) / 1_000_000_000);
  }

  @Test
  void absoluteTimeInThePastIsOver() {
    memory.writeLong(TIME + 8, 1);
    assertEquals(-Errno.ETIMEDOUT, calls.futex(first, WORD, WAIT_BITSET, 0, TIME, 0, -1));
    assertEquals(-Errno.ETIMEDOUT, calls.futex(second, WORD, WAIT_BITSET | 256, 0, TIME, 0, -1));
  }

  @Test
  void wakeHeedsTheBitset() {
    assertEquals(Caller.BLOCKED, calls.futex(first, WORD, WAIT_BITSET, 0, 0, 0, 1));
    assertEquals(Caller.BLOCKED, calls.futex(second, WORD, WAIT_BITSET, 0, 0, 0, 2));
    assertEquals(1, calls.futex(waker, WORD, WAKE_BITSET, 9, 0, 0, 2));
    assertEquals(Task.State.RUNNABLE, second.state());
    assertEquals(1, futex(waker, WORD, WAKE, 9, 0));
    assertEquals(-Errno.EINVAL, calls.futex(waker, WORD, WAKE_BITSET, 9, 0, 0, 0));
  }

  @Test
  void requeueComparesFirst() {
    futex(first, WORD, WAIT, 0, 0);
    futex(second, WORD, WAIT, 0, 0);
    assertEquals(-Errno.EAGAIN, calls.futex(waker, WORD, CMP_REQUEUE, 1, 9, OTHER, 7));
    assertEquals(2, calls.futex(waker, WORD, CMP_REQUEUE, 1, 9, OTHER, 0));
    assertEquals(1, futex(waker, OTHER, WAKE, 9, 0));
    assertEquals(-Errno.EINVAL, calls.futex(waker, WORD, CMP_REQUEUE, -1, 9, OTHER, 0));
  }

  /** op, oparg, cmp, cmparg; the word before and after; whether the comparison holds. */
  @ParameterizedTest
  @CsvSource({
    "0, 5, 0, 3, 3, 5, true",
    "1, 5, 1, 3, 3, 8, false",
    "1, -1, 2, 0, -3, -4, true",
    "2, 6, 3, 3, 3, 7, true",
    "3, 1, 4, 2, 3, 2, true",
    "4, 1, 5, 4, 3, 2, false",
    "8, 31, 0, 0, 0, -2147483648, true"
  })
  void wakeOpChangesTheSecondWord(
      int op, int argument, int comparison, int compared, int before, int after, boolean holds) {
    memory.writeInt(OTHER, before);
    futex(first, WORD, WAIT, 0, 0);
    futex(second, OTHER, WAIT, before, 0);
    int encoded = op << 28 | comparison << 24 | (argument & 0xfff) << 12 | compared & 0xfff;
    assertEquals(holds ? 2 : 1, calls.futex(waker, WORD, WAKE_OP, 1, 1, OTHER, encoded));
    assertEquals(after, memory.readInt(OTHER));
  }

  @Test
  void badArgumentsAreRefused() {
    assertEquals(-Errno.EINVAL, futex(first, WORD + 1, WAKE, 1, 0));
    assertEquals(-Errno.ENOSYS, futex(first, WORD, 2, 1, 0));
    assertEquals(-Errno.ENOSYS, futex(first, WORD, 77, 1, 0));
    assertEquals(-Errno.ENOSYS, futex(first, WORD, WAKE | 256, 1, 0));
    assertThrows(ErrnoException.class, () -> futex(first, ProgramFixture.HOLE, WAIT, 0, 0));
    assertThrows(ErrnoException.class, () -> futex(first, WORD, WAIT, 0, ProgramFixture.HOLE));
    memory.writeLong(TIME, -1);
    assertThrows(ErrnoException.class, () -> futex(first, WORD, WAIT, 0, TIME));
  }
}
