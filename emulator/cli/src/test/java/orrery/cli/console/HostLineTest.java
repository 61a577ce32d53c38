package orrery.cli.console;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class HostLineTest {
  private static final byte[] MEBIBYTE = new byte[1 << 20];

  static {
    new Random(1).nextBytes(MEBIBYTE);
  }

  @Test
  void everyByteOfferedIsWrittenInOrder() throws InterruptedException {
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    HostOutput output = new HostOutput("test", written, () -> {});
    Semaphore room = new Semaphore(0);
    output.listener(room::release);
    for (byte octet : MEBIBYTE) {
      while (!output.offer(octet)) {
        room.acquire();
      }
    }
    output.drain(Long.MAX_VALUE);
    assertArrayEquals(MEBIBYTE, written.toByteArray());
  }

  @Test
  void aSlowReaderIsFlowControlAndNotLoss() throws InterruptedException {
    CountDownLatch gate = new CountDownLatch(1);
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    HostOutput output =
        new HostOutput(
            "test",
            new OutputStream() {
              @Override
              public void write(int octet) {
                throw new AssertionError();
              }

              @Override
              public void write(byte[] bytes, int from, int count) throws IOException {
                try {
                  gate.await();
                } catch (InterruptedException e) {
                  throw new IOException(e);
                }
                written.write(bytes, from, count);
              }
            },
            () -> {});
    CountDownLatch roomAgain = new CountDownLatch(1);
    output.listener(roomAgain::countDown);
    int taken = 0;
    while (output.offer(MEBIBYTE[taken])) {
      taken++;
    }
    assertEquals(0, output.room());
    gate.countDown();
    assertTrue(roomAgain.await(30, TimeUnit.SECONDS));
    output.drain(Long.MAX_VALUE);
    assertEquals(taken, written.size());
  }

  @Test
  void aClosedStreamIsToldOnceAndSwallowsTheRest() throws InterruptedException {
    CountDownLatch closed = new CountDownLatch(1);
    HostOutput output =
        new HostOutput(
            "test",
            new OutputStream() {
              @Override
              public void write(int octet) throws IOException {
                throw new IOException("Broken pipe");
              }
            },
            closed::countDown);
    output.listener(() -> {});
    output.offer('x');
    assertTrue(closed.await(30, TimeUnit.SECONDS));
    for (byte octet : MEBIBYTE) {
      assertTrue(output.offer(octet));
    }
    output.drain(Long.MAX_VALUE);
  }

  @Test
  void everyByteReadArrivesAndThenTheEnd() throws InterruptedException {
    HostInput input =
        new HostInput(
            "test", new ByteArrayInputStream(MEBIBYTE), InputFilter.NONE, InputFilter.NOTHING);
    Semaphore arrived = new Semaphore(0);
    CountDownLatch ended = new CountDownLatch(1);
    input.listener(arrived::release);
    input.endListener(ended::countDown);
    input.start();
    ByteArrayOutputStream got = new ByteArrayOutputStream();
    while (got.size() < MEBIBYTE.length) {
      int octet = input.take();
      if (octet < 0) {
        assertFalse(input.atEnd());
        arrived.acquire();
      } else {
        got.write(octet);
      }
    }
    assertArrayEquals(MEBIBYTE, got.toByteArray());
    assertTrue(ended.await(30, TimeUnit.SECONDS));
    assertTrue(input.atEnd());
    assertEquals(-1, input.take());
  }

  @Test
  void theEndOfInputMayBeAKey() throws InterruptedException {
    HostInput input =
        new HostInput("test", new ByteArrayInputStream(new byte[] {'a'}), InputFilter.NONE, 4);
    CountDownLatch ended = new CountDownLatch(1);
    Semaphore arrived = new Semaphore(0);
    input.listener(arrived::release);
    input.endListener(ended::countDown);
    input.start();
    for (int expected : new int[] {'a', 4}) {
      int octet;
      while ((octet = input.take()) < 0) {
        arrived.acquire();
      }
      assertEquals(expected, octet);
    }
    assertTrue(ended.await(30, TimeUnit.SECONDS));
  }
}
