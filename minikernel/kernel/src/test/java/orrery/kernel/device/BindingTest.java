package orrery.kernel.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import orrery.kernel.hw.Access;
import orrery.kernel.hw.HardwareException;
import orrery.kernel.hw.IoMem;
import orrery.kernel.hw.Register;
import orrery.kernel.hw.RegisterBlock;
import orrery.kernel.log.KernelLog;
import orrery.kernel.wait.TimerQueue;
import orrery.machine.bus.Bus;
import orrery.machine.bus.MmioDevice;
import orrery.ownership.Census;
import orrery.ownership.IrqCtx;
import orrery.ownership.OwnershipException;
import orrery.ownership.ProcessCtx;

/** What becomes of a device whose driver fails, forgets or is gone. */
class BindingTest {
  private static final RegisterBlock<BindingTest> BLOCK = RegisterBlock.of(BindingTest.class, 4);
  private static final Register.U32<BindingTest, Access.ReadOnly> ID = BLOCK.readOnly32(0);

  private final List<String> lines = new ArrayList<>();
  private final List<String> events = new ArrayList<>();
  private final Census census = Census.withBirthPlaces();
  private final Bus bus = new Bus();
  private final TimerQueue timers = new TimerQueue();
  private final Binding binding =
      new Binding(
          "test 0",
          new DriverServices(
              bus, null, null, null, null, timers, null, null, new KernelLog(lines::add), census));

  BindingTest() {
    bus.attach(
        "registers",
        0,
        4,
        new MmioDevice() {
          @Override
          public int widths() {
            return Integer.BYTES;
          }

          @Override
          public long read(long offset, int width) {
            return 42;
          }

          @Override
          public void write(long offset, int width, long value) {
            throw new AssertionError("nobody writes");
          }
        });
  }

  private IoMem<BindingTest> map() {
    return IoMem.map(binding.resources(), bus, 0, 4, BLOCK);
  }

  /** A driver that closes nothing. */
  private final class Forgetful implements BoundDriver {
    @Override
    public void interrupt(IrqCtx irq, int vector) {
      events.add("interrupt " + vector);
    }

    @Override
    public void work(ProcessCtx ctx, int work) {
      events.add("work " + work);
    }

    @Override
    public void remove(ProcessCtx ctx) {
      events.add("remove");
      throw new HardwareException("does not answer");
    }
  }

  @Test
  void failedProbeLosesWhatItTookAndIsNoLeak() {
    IoMem<BindingTest> io = map();
    assertEquals(42, io.read(ID));
    binding.failed("has no lamp");
    assertThrows(OwnershipException.class, () -> io.read(ID));
    assertEquals(0, census.live());
    assertFalse(binding.driven().isBound());
    assertEquals(1, lines.size());
    assertEquals("test 0: has no lamp", lines.getFirst());
  }

  @Test
  void whatADriverForgetsIsNamedAndThenRevoked() {
    IoMem<BindingTest> io = map();
    binding.bound(new Forgetful());
    binding.interrupt(3);
    binding.unbind(() -> events.add("off"));
    assertEquals(List.of("interrupt 3", "remove", "off"), events);
    assertEquals("test 0: does not answer", lines.getFirst());
    Census.Survivor left = census.survivors().getFirst();
    assertEquals("IoMem", left.type());
    assertEquals("map", left.birthPlace().getMethodName());
    assertEquals(1, binding.resources().revokeAll());
    assertThrows(OwnershipException.class, () -> io.read(ID));
  }

  @Test
  void afterTheEndNobodyIsCalled() {
    binding.interrupt(1);
    binding.bound(new Forgetful());
    binding.unbind(() -> {});
    events.clear();
    binding.interrupt(1);
    binding.timeout(1);
    binding.work(1);
    assertEquals(List.of(), events);
  }

  @Test
  void workIsDoneOnceAndNotAfterItWasClosed() {
    WorkQueue queue = new WorkQueue(timers);
    binding.bound(new Forgetful());
    Work first = new Work(binding, queue, 1);
    Work second = new Work(binding, queue, 2);
    first.schedule();
    second.schedule();
    first.schedule();
    second.close();
    timers.expire(0);
    timers.expire(0);
    assertEquals(List.of("work 1"), events);
    first.schedule();
    timers.expire(0);
    assertEquals(List.of("work 1", "work 1"), events);
    first.close();
    assertThrows(OwnershipException.class, second::schedule);
    assertEquals(0, census.live());
  }

  @Test
  void mutexHasOneHolder() {
    Mutex mutex = new Mutex("test", null);
    MutexGuard held = mutex.tryLock();
    assertFalse(mutex.isFree());
    assertEquals(null, mutex.tryLock());
    held.close();
    assertThrows(OwnershipException.class, held::close);
    mutex.tryLock().close();
  }
}
