package orrery.machine.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static orrery.machine.cpu.A64.add;
import static orrery.machine.cpu.A64.branch;
import static orrery.machine.cpu.A64.branchNotEqual;
import static orrery.machine.cpu.A64.fadd;
import static orrery.machine.cpu.A64.ldr;
import static orrery.machine.cpu.A64.str;
import static orrery.machine.cpu.A64.subs;
import static orrery.machine.cpu.A64.svc;
import static orrery.machine.cpu.HostedGuest.DATA;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PreemptionTest {
  private static final Duration LIMIT = Duration.ofSeconds(120);

  @Test
  void theStateIsConsistentAtEveryInterrupt() throws InterruptedException {
    int goal = 20_000;
    long end = System.nanoTime() + 10_000_000_000L;
    try (HostedGuest guest = new HostedGuest()) {
      HostedGuest.Space space =
          guest.space(
              ldr(4, 20, 0), // loop:
              add(4, 4, 1),
              str(4, 20, 0),
              add(6, 6, 1),
              ldr(5, 20, 8),
              add(5, 5, 3),
              str(5, 20, 8),
              fadd(1, 1, 0),
              subs(19, 19, 1),
              branchNotEqual(-9),
              svc(0));
      long frame = space.frameOf(DATA);
      long total = 1L << 40;
      int[] interrupts = {0};
      guest.attach(
          new Traps()
              .onInterrupted(
                  cpu -> {
                    long count = guest.read(frame);
                    assertEquals(HostedGuest.CODE, cpu.pc());
                    assertEquals(count, cpu.x(6));
                    assertEquals(3 * count, guest.read(frame + 8));
                    assertEquals(total - count, cpu.x(19));
                    assertEquals((double) count, Double.longBitsToDouble(cpu.vLow(1)));
                    if (++interrupts[0] >= goal || System.nanoTime() > end) {
                      cpu.halt();
                    }
                  }),
          space);
      guest.cpu.x(19, total);
      guest.cpu.x(20, DATA);
      guest.cpu.vLow(0, Double.doubleToLongBits(1.0));
      Thread waker =
          Thread.ofPlatform()
              .start(
                  () -> {
                    Random random = new Random(1);
                    while (!Thread.currentThread().isInterrupted()) {
                      long until = System.nanoTime() + 2_000 + random.nextInt(20_000);
                      while (System.nanoTime() < until) {
                        Thread.onSpinWait();
                      }
                      guest.cpu.wake();
                    }
                  });
      try {
        guest.cpu.run();
      } finally {
        waker.interrupt();
        waker.join();
      }
      assertTrue(interrupts[0] >= 1_000, "only " + interrupts[0] + " interrupts in 10 s");
    }
  }

  @Test
  void noCallIsLostOrDoubledByInterrupts() throws InterruptedException {
    try (HostedGuest guest = new HostedGuest()) {
      long total = 2_000_000;
      HostedGuest.Space space =
          guest.space(svc(0), subs(19, 19, 1), branchNotEqual(-2), svc(1), branch(0));
      long[] calls = {0, 0};
      guest.attach(
          new Traps()
              .onSupervisorCall(
                  cpu -> {
                    if ((cpu.syndrome() & 1) != 0) {
                      cpu.halt();
                    } else {
                      calls[0]++;
                    }
                  })
              .onInterrupted(cpu -> calls[1]++),
          space);
      guest.cpu.x(19, total);
      Thread waker =
          Thread.ofPlatform()
              .start(
                  () -> {
                    while (!Thread.currentThread().isInterrupted()) {
                      guest.cpu.wake();
                      Thread.onSpinWait();
                    }
                  });
      try {
        guest.cpu.run();
      } finally {
        waker.interrupt();
        waker.join();
      }
      assertEquals(total, calls[0]);
      assertTrue(calls[1] > 0);
    }
  }

  @Test
  void aDeadlineInterruptsAnEndlessLoop() {
    assertTimeoutPreemptively(
        LIMIT,
        () -> {
          try (HostedGuest guest = new HostedGuest()) {
            long[] due = {guest.clock.nanos() + 2_000_000};
            int[] fired = {0};
            guest.attach(
                new Traps()
                    .onInterrupted(
                        cpu -> {
                          long now = guest.clock.nanos();
                          if (now >= due[0]) {
                            if (++fired[0] == 20) {
                              cpu.halt();
                            }
                            due[0] = now + 500_000;
                            cpu.deadline(due[0]);
                          }
                        }),
                guest.space(branch(0)));
            guest.cpu.deadline(due[0]);
            guest.cpu.run();
            assertEquals(20, fired[0]);
          }
        });
  }

  @Test
  void waitingEndsAtTheDeadline() {
    assertTimeoutPreemptively(
        LIMIT,
        () -> {
          try (HostedGuest guest = new HostedGuest()) {
            long[] woken = {0, 0};
            guest.attach(
                new Traps()
                    .onSupervisorCall(
                        cpu -> {
                          long due = guest.clock.nanos() + 3_000_000;
                          cpu.deadline(due);
                          while (guest.clock.nanos() < due) {
                            cpu.waitForInterrupt();
                            woken[0]++;
                          }
                          if (++woken[1] == 10) {
                            cpu.halt();
                          }
                        }),
                guest.space(svc(0), branch(-1)));
            guest.cpu.run();
            assertTrue(woken[0] < 100, woken[0] + " wake-ups for 10 deadlines");
          }
        });
  }

  @Test
  void waitingEndsWhenAnotherThreadWakes() {
    assertTimeoutPreemptively(
        LIMIT,
        () -> {
          try (HostedGuest guest = new HostedGuest()) {
            int rounds = 2_000;
            int[] asked = {0};
            AtomicInteger answered = new AtomicInteger();
            Semaphore question = new Semaphore(0);
            guest.attach(
                new Traps()
                    .onSupervisorCall(
                        cpu -> {
                          asked[0]++;
                          question.release();
                          while (answered.get() < asked[0]) {
                            cpu.waitForInterrupt();
                          }
                          if (asked[0] == rounds) {
                            cpu.halt();
                          }
                        }),
                guest.space(svc(0), branch(-1)));
            Thread answerer =
                Thread.ofPlatform()
                    .start(
                        () -> {
                          for (int i = 0; i < rounds; i++) {
                            question.acquireUninterruptibly();
                            answered.incrementAndGet();
                            guest.cpu.wake();
                          }
                        });
            guest.cpu.run();
            answerer.join();
            assertEquals(rounds, answered.get());
          }
        });
  }

  @Test
  void theInterruptLineIsReportedWhileItIsAsserted() {
    assertTimeoutPreemptively(
        LIMIT,
        () -> {
          try (HostedGuest guest = new HostedGuest()) {
            CountDownLatch started = new CountDownLatch(1);
            int[] seen = {0};
            guest.attach(
                new Traps()
                    .onSupervisorCall(cpu -> started.countDown())
                    .onInterrupted(
                        cpu -> {
                          if (cpu.irqAsserted() && ++seen[0] == 40) {
                            cpu.irq().lower();
                            cpu.halt();
                          }
                        }),
                guest.space(svc(0), branch(0)));
            Thread device =
                Thread.ofPlatform()
                    .start(
                        () -> {
                          try {
                            started.await();
                            guest.cpu.irq().raise();
                          } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                          }
                        });
            guest.cpu.run();
            device.join();
            assertEquals(40, seen[0]);
          }
        });
  }

  @Test
  void anotherThreadHalts() {
    assertTimeoutPreemptively(
        LIMIT,
        () -> {
          try (HostedGuest guest = new HostedGuest()) {
            CountDownLatch started = new CountDownLatch(1);
            guest.attach(
                new Traps().onSupervisorCall(cpu -> started.countDown()),
                guest.space(svc(0), branch(0)));
            Thread other =
                Thread.ofPlatform()
                    .start(
                        () -> {
                          try {
                            started.await();
                            guest.cpu.halt();
                          } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                          }
                        });
            guest.cpu.run();
            other.join();
          }
        });
  }

  @Test
  void closingEndsARunOnAnotherThreadFirst() throws InterruptedException {
    try (HostedGuest guest = new HostedGuest()) {
      CountDownLatch started = new CountDownLatch(1);
      guest.attach(
          new Traps().onSupervisorCall(cpu -> started.countDown()), guest.space(svc(0), branch(0)));
      Thread runner = Thread.ofPlatform().start(guest.cpu::run);
      started.await();
      guest.cpu.close();
      runner.join();
      assertThrows(IllegalStateException.class, guest.cpu::run);
    }
  }

  @Test
  void aTrapCannotCloseTheCpuUnderItself() {
    try (HostedGuest guest = new HostedGuest()) {
      guest.attach(new Traps().onSupervisorCall(Vcpu::close), guest.space(svc(0), branch(0)));
      assertThrows(IllegalStateException.class, guest.cpu::run);
    }
  }
}
