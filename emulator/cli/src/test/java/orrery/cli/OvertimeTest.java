package orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OvertimeTest {
  private static final String LOOPING_DRIVER =
      """
      package orrery.driver.virtio;

      import java.util.List;
      import orrery.kernel.device.*;
      import orrery.ownership.*;

      public final class VirtioRngDriver implements PciDriver {
        @Override public String name() {
          return "looping";
        }
        @Override public List<PciId> ids() {
          return List.of(PciId.of(0x1af4, 0x1044));
        }
        @Override @MaySleep public BoundDriver probe(ProcessCtx ctx, PciDevice device) {
          while (true) {
            Thread.onSpinWait();
          }
        }
      }
      """;

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

  /** The built driver is replaced by one that loops, as an edit of its source would. */
  @Test
  void aRunWhoseDriverLoopsEndsWithTheTimeOut(@TempDir Path classes) throws Exception {
    List<String> words = new ArrayList<>(Launched.command());
    int path = words.indexOf("-cp") + 1;
    Path source = Files.writeString(classes.resolve("VirtioRngDriver.java"), LOOPING_DRIVER);
    int compiled =
        ToolProvider.findFirst("javac")
            .orElseThrow()
            .run(System.out, System.err, "-d", "" + classes, "-cp", words.get(path), "" + source);
    assertEquals(0, compiled);
    words.set(path, classes + ":" + words.get(path));
    words.addAll(List.of("run", "--pci", "--timeout", "1", "--", "true"));
    Launched.Result result = Launched.run(new byte[0], words);
    assertEquals(124, result.status(), result.err());
    assertTrue(result.complaints().contains("orrery.driver.virtio.VirtioRngDriver.probe"));
    assertEquals(1, result.complaints().lines().count(), result.err());
  }
}
