package orrery.machine.clock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class AlarmThreadTest {
  private static final long HOUR = 3_600_000_000_000L;

  private final CountDownLatch called = new CountDownLatch(1);

  @Test
  void callsAtTheTimeSetLast() throws InterruptedException {
    try (Alarm alarm = new AlarmThread("alarm", System::nanoTime, called::countDown)) {
      alarm.set(System.nanoTime() + HOUR);
      alarm.set(System.nanoTime() + 1_000_000);
      assertTrue(called.await(30, TimeUnit.SECONDS));
    }
  }

  @Test
  void keepsTheEarlierTime() throws InterruptedException {
    try (Alarm alarm = new AlarmThread("alarm", System::nanoTime, called::countDown)) {
      alarm.setNoLater(System.nanoTime() + HOUR);
      alarm.setNoLater(System.nanoTime() + 1_000_000);
      alarm.setNoLater(System.nanoTime() + HOUR);
      assertTrue(called.await(30, TimeUnit.SECONDS));
    }
  }

  @Test
  void canBeSetAgainByWhatItCalls() throws InterruptedException {
    AtomicInteger calls = new AtomicInteger();
    CountDownLatch made = new CountDownLatch(1);
    Alarm[] alarm = new Alarm[1];
    alarm[0] =
        new AlarmThread(
            "alarm",
            System::nanoTime,
            () -> {
              if (calls.incrementAndGet() < 3) {
                alarm[0].set(System.nanoTime());
              } else {
                made.countDown();
              }
            });
    alarm[0].set(System.nanoTime());
    assertTrue(made.await(30, TimeUnit.SECONDS));
    alarm[0].close();
    assertEquals(3, calls.get());
  }
}
