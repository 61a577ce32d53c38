package orrery.machine.irq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Devices on threads of their own against a CPU that handles their interrupts. */
class GicThreadsTest {
  private static final int DEVICES = 3;
  private static final int ROUNDS = 2_000;
  private static final int FIRST = 40;

  @Test
  void noRequestOfAnyThreadIsLostOrServedTwice() throws InterruptedException {
    GicBench bench = new GicBench(1);
    AtomicInteger[] requests = new AtomicInteger[DEVICES];
    Thread[] threads = new Thread[DEVICES];
    CountDownLatch start = new CountDownLatch(1);
    for (int i = 0; i < DEVICES; i++) {
      bench.enable(FIRST + i, 0x80 + 8 * i);
      requests[i] = new AtomicInteger();
      threads[i] = device(bench.gic.line(FIRST + i), requests[i], start);
    }
    start.countDown();
    int[] served = new int[DEVICES];
    for (int left = DEVICES * ROUNDS; left > 0; ) {
      int intid = bench.acknowledge();
      if (intid == 1023) {
        Thread.yield();
        continue;
      }
      int device = intid - FIRST;
      assertEquals(1, requests[device].get(), "only a device that waits is pending");
      bench.gic.line(intid).lower();
      bench.endOfInterrupt(intid);
      served[device]++;
      left--;
      requests[device].set(0);
    }
    for (int i = 0; i < DEVICES; i++) {
      threads[i].join();
      assertEquals(ROUNDS, served[i]);
    }
    assertEquals(1023, bench.acknowledge());
    assertFalse(bench.asserted[0]);
  }

  private static Thread device(InterruptLine line, AtomicInteger request, CountDownLatch start) {
    return Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try {
                start.await();
              } catch (InterruptedException e) {
                return;
              }
              for (int i = 0; i < ROUNDS; i++) {
                while (request.get() != 0) {
                  Thread.yield();
                }
                request.set(1);
                line.raise();
              }
            });
  }
}
