package orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class OvertimeTest {
  private volatile boolean stuck = true;

  private void driverThatNeverReturns(CountDownLatch begun) {
    begun.countDown();
    while (stuck) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aMachineThatDoesNotEndIsNamedByItsPlace() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    Thread machine = Thread.ofPlatform().daemon().start(() -> driverThatNeverReturns(begun));
    begun.await();
    CompletableFuture<String> told = new CompletableFuture<>();
    try (Overtime overtime = new Overtime(Duration.ofMillis(1), machine, told::complete)) {
      String line = told.get(60, TimeUnit.SECONDS);
      overtime.join();
      assertEquals(1, line.lines().count());
      assertTrue(line.contains("orrery.cli.OvertimeTest.driverThatNeverReturns"), line);
      assertTrue(line.contains("OvertimeTest.java:"), line);
    } finally {
      stuck = false;
      machine.join();
    }
  }

  @Test
  void aMachineThatEndsIsLeftAlone() throws Exception {
    AtomicReference<String> told = new AtomicReference<>();
    Overtime overtime = new Overtime(Duration.ofDays(1), Thread.currentThread(), told::set);
    overtime.close();
    overtime.join();
    assertNull(told.get());
  }
}
