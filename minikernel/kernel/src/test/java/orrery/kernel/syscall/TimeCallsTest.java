package orrery.kernel.syscall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.abi.Signal;
import orrery.kernel.memory.AddressSpace;
import orrery.kernel.task.Clocks;
import orrery.kernel.task.IntervalTimers;
import orrery.kernel.task.ProgramFixture;
import orrery.kernel.task.Task;
import orrery.kernel.wait.Caller;

final class TimeCallsTest {
  private static final long IN = ProgramFixture.DATA;
  private static final long OUT = ProgramFixture.DATA + 0x200;
  private static final long ID = ProgramFixture.DATA + 0x400;
  private static final long SECOND = 1_000_000_000;

  private final ProgramFixture kernel = new ProgramFixture();
  private final TimeCalls calls = new TimeCalls(kernel.signals);
  private final AddressSpace memory = kernel.memory;
  private final Task task = kernel.task;

  @AfterEach
  void close() {
    kernel.close();
  }

  private long time(long seconds, long fraction) {
    memory.writeLong(IN, seconds);
    memory.writeLong(IN + 8, fraction);
    return IN;
  }

  /** An itimerspec or itimerval: the interval first. */
  private long timer(long interval, long value) {
    memory.writeLong(IN + 16, value);
    memory.writeLong(IN + 24, 0);
    return time(interval, 0);
  }

  private long shown() {
    return memory.readLong(OUT) * SECOND + memory.readLong(OUT + 8);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {Clocks.MONOTONIC, Clocks.MONOTONIC_RAW, Clocks.MONOTONIC_COARSE, Clocks.BOOTTIME})
  void monotonicClocksShowMachineTime(int clock) {
    long before = kernel.scheduler.now();
    assertEquals(0, calls.clockGetTime(task, clock, OUT));
    assertTrue(shown() >= before && shown() <= kernel.scheduler.now());
    assertEquals(0, calls.clockGetResolution(task, clock, 0));
  }

  @Test
  void processorTimeIsThatOfTheNamedProcess() {
    assertEquals(0, calls.clockGetTime(task, Clocks.PROCESS_CPUTIME_ID, OUT));
    assertEquals(0, calls.clockGetTime(task, ~2 << 3 | 2, OUT), "process 2");
    assertEquals(0, calls.clockGetTime(task, ~2 << 3 | 6, OUT), "thread 2");
    assertEquals(-Errno.EINVAL, calls.clockGetTime(task, ~1 << 3 | 6, OUT), "not ours");
    assertEquals(-Errno.EINVAL, calls.clockGetTime(task, ~99 << 3 | 2, OUT));
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 12, 16, -1, Integer.MIN_VALUE, Integer.MAX_VALUE})
  void clocksThatDoNotExistAreRefused(int clock) {
    assertEquals(-Errno.EINVAL, calls.clockGetTime(task, clock, OUT));
    assertEquals(-Errno.EINVAL, calls.clockGetResolution(task, clock, OUT));
    assertEquals(-Errno.EINVAL, calls.clockNanosleep(task, clock, 0, time(1, 0), 0));
  }

  @Test
  void sleepLastsAsLongAsAsked() {
    long before = kernel.scheduler.now();
    assertEquals(Caller.BLOCKED, calls.nanosleep(task, time(100, 5), 0));
    assertTrue(task.deadline() - before >= 100 * SECOND + 5);
    assertEquals(0, calls.clockNanosleep(kernel.init.leader(), 1, 1, time(0, 1), 0), "is over");
  }

  @Test
  void interruptedSleepTellsWhatIsLeft() {
    kernel.process.handlers().set(Signal.SIGUSR1, 0x1000, 0, 0, 0);
    assertEquals(Caller.BLOCKED, calls.nanosleep(task, time(100, 0), OUT));
    kernel.signals.sendFromKernel(task, Signal.SIGUSR1);
    task.resumeCall();
    assertEquals(-Errno.ERESTART_RESTARTBLOCK, calls.nanosleep(task, IN, OUT));
    assertTrue(shown() > 90 * SECOND && shown() <= 100 * SECOND);
  }

  @Test
  void impossibleTimesAreRefused() {
    long[][] times = {{-1, 0}, {0, -1}, {0, SECOND}, {Long.MIN_VALUE, 0}};
    for (long[] t : times) {
      time(t[0], t[1]);
      assertThrows(ErrnoException.class, () -> calls.nanosleep(task, IN, 0));
    }
    assertEquals(Caller.BLOCKED, calls.nanosleep(task, time(Long.MAX_VALUE, 0), 0), "for ever");
  }

  @Test
  void intervalTimerTellsTheOldSetting() {
    assertEquals(0, calls.setIntervalTimer(task, IntervalTimers.REAL, timer(7, 100), 0));
    assertEquals(0, calls.setIntervalTimer(task, IntervalTimers.REAL, timer(0, 0), OUT));
    assertEquals(7, memory.readLong(OUT));
    assertTrue(memory.readLong(OUT + 16) >= 90);
    assertEquals(Long.MAX_VALUE, kernel.scheduler.timers().earliest());
    assertEquals(-Errno.EINVAL, calls.getIntervalTimer(task, 3, OUT));
  }

  @Test
  void timersAreNumbered() {
    assertEquals(0, calls.timerCreate(task, Clocks.MONOTONIC, 0, ID));
    int first = memory.readInt(ID);
    assertEquals(0, calls.timerCreate(task, Clocks.REALTIME, 0, ID));
    int second = memory.readInt(ID);
    assertNotEquals(first, second);
    assertEquals(0, calls.timerSetTime(task, second, 0, timer(3, 50), 0));
    assertEquals(0, calls.timerGetTime(task, second, OUT));
    assertEquals(3, memory.readLong(OUT));
    assertTrue(memory.readLong(OUT + 16) >= 40);
    assertEquals(0, calls.timerDelete(task, first));
    assertEquals(-Errno.EINVAL, calls.timerDelete(task, first));
    assertEquals(-Errno.EINVAL, calls.timerGetTime(task, 77, OUT));
    assertEquals(-Errno.EINVAL, calls.timerSetTime(task, -1, 0, IN, 0));
  }

  @Test
  void timersAreLimited() {
    int made = 0;
    while (made <= 4096 && calls.timerCreate(task, Clocks.MONOTONIC, 0, ID) == 0) {
      made++;
    }
    assertEquals(-Errno.EAGAIN, calls.timerCreate(task, Clocks.MONOTONIC, 0, ID));
    assertTrue(made > 0);
  }

  @Test
  void timerForWhomOrWhatDoesNotExistIsRefused() {
    memory.writeInt(IN + 8, 65);
    assertEquals(-Errno.EINVAL, calls.timerCreate(task, Clocks.MONOTONIC, IN, ID), "signal");
    memory.writeInt(IN + 8, Signal.SIGUSR1);
    memory.writeInt(IN + 12, 4);
    memory.writeInt(IN + 16, 1);
    assertEquals(-Errno.EINVAL, calls.timerCreate(task, Clocks.MONOTONIC, IN, ID), "thread");
    memory.writeInt(IN + 12, 9);
    assertEquals(-Errno.EINVAL, calls.timerCreate(task, Clocks.MONOTONIC, IN, ID), "notify");
    assertEquals(-Errno.EINVAL, calls.timerCreate(task, 10, 0, ID), "clock");
    assertEquals(-Errno.EOPNOTSUPP, calls.timerCreate(task, Clocks.MONOTONIC_RAW, 0, ID));
  }

  @Test
  void clockCannotBeSet() {
    assertEquals(-Errno.EPERM, calls.clockSetTime(task, Clocks.REALTIME, time(1, 0)));
    assertEquals(-Errno.EINVAL, calls.clockSetTime(task, Clocks.MONOTONIC, time(1, 0)));
    assertEquals(-Errno.EPERM, calls.setTimeOfDay(task, time(1, 0)));
  }
}
