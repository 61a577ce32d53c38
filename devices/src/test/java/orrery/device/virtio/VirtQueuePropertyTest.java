package orrery.device.virtio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static orrery.device.virtio.VirtioRegisters.*;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** A queue against a driver that shapes its buffers in every way the specification allows. */
class VirtQueuePropertyTest {
  private static final long TABLES = Driver.RAM + 0x2_0000;
  private static final long DATA = Driver.RAM + 0x4_0000;
  private static final int SLOT = 0x1000;

  /** A buffer on its way: its head, what the device is to copy, and where to. */
  private record Sent(int head, byte[] copied, long[] addresses, int[] lengths) {}

  @Property(tries = 200)
  void buffersComeBackInOrderWithWhatWasCopied(
      @ForAll long seed,
      @ForAll @IntRange(min = 0, max = 5) int sizeExponent,
      @ForAll boolean events,
      @ForAll boolean indirect) {
    Random random = new Random(seed);
    int size = 1 << sizeExponent;
    try (Driver driver = new Driver().plug(new VirtioFunction(new CopyDevice()))) {
      driver.enableMsiX(2);
      long features = F_VERSION_1 | (events ? F_EVENT_IDX : 0) | (indirect ? F_INDIRECT_DESC : 0);
      assertTrue(driver.negotiate(features));
      Driver.Ring ring = driver.ring(0, size);
      driver.ready();
      int handled = 0;
      for (int round = 0; round < 60; round++) {
        Deque<Sent> sent = new ArrayDeque<>();
        int free = 0;
        while (free < size && random.nextInt(4) != 0) {
          boolean table = indirect && random.nextBoolean();
          int parts = 1 + random.nextInt(table ? 8 : Math.min(8, size - free));
          sent.add(shape(driver, ring, random, free, parts, table));
          ring.offer(free);
          free += table ? 1 : parts;
        }
        int before = ring.usedIndex();
        if (events) {
          ring.usedEvent(before + Math.max(0, sent.size() - 1));
        }
        driver.messages.clear();
        driver.notifyQueue(0);
        assertEquals(sent.isEmpty() ? 0 : 1, driver.messages.size());
        for (Sent buffer : sent) {
          int[] used = ring.take();
          assertEquals(buffer.head, used[0]);
          assertEquals(buffer.copied.length, used[1]);
          assertArrayEquals(buffer.copied, gather(driver, buffer));
          handled++;
        }
        assertEquals(null, ring.take());
        if (events) {
          assertEquals(handled & 0xffff, ring.availableEvent());
        }
      }
      assertEquals(0, driver.status() & STATUS_NEEDS_RESET);
    }
  }

  private static Sent shape(
      Driver driver, Driver.Ring ring, Random random, int head, int parts, boolean table) {
    long descriptors = table ? TABLES + head * 0x100L : ring.descriptors;
    int first = table ? 0 : head;
    int readable = random.nextInt(parts + 1);
    byte[] toCopy = new byte[0];
    int room = 0;
    long[] addresses = new long[parts - readable];
    int[] lengths = new int[parts - readable];
    for (int i = 0; i < parts; i++) {
      boolean write = i >= readable;
      int length = random.nextInt(8) == 0 ? 0 : random.nextInt(1500);
      long address = DATA + (head * 8L + i) * SLOT + random.nextInt(100);
      if (write) {
        addresses[i - readable] = address;
        lengths[i - readable] = length;
        room += length;
      } else {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        driver.bytes(address, bytes);
        int old = toCopy.length;
        toCopy = Arrays.copyOf(toCopy, old + length);
        System.arraycopy(bytes, 0, toCopy, old, length);
      }
      int flags = (i < parts - 1 ? DESC_F_NEXT : 0) | (write ? DESC_F_WRITE : 0);
      ring.descriptor(descriptors, first + i, address, length, flags, first + i + 1);
    }
    if (table) {
      ring.descriptor(head, descriptors, parts * 16, DESC_F_INDIRECT, 0);
    }
    return new Sent(head, Arrays.copyOf(toCopy, Math.min(room, toCopy.length)), addresses, lengths);
  }

  private static byte[] gather(Driver driver, Sent buffer) {
    byte[] all = new byte[buffer.copied.length];
    int done = 0;
    for (int i = 0; i < buffer.addresses.length && done < all.length; i++) {
      int now = Math.min(buffer.lengths[i], all.length - done);
      System.arraycopy(driver.bytes(buffer.addresses[i], now), 0, all, done, now);
      done += now;
    }
    return all;
  }
}
