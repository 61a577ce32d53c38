package orrery.device.virtio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static orrery.device.virtio.VirtioRegisters.*;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The transport, seen by a driver; the device behind it copies what it reads to what it writes. */
class VirtioTransportTest {
  private static final long ALL = F_VERSION_1 | F_EVENT_IDX | F_INDIRECT_DESC | F_RING_RESET;
  private static final long BUFFERS = Driver.RAM + 0x4_0000;

  private final CopyDevice device = new CopyDevice();
  private final Driver driver = new Driver().plug(new VirtioFunction(device));

  @AfterEach
  void free() {
    driver.close();
  }

  private Driver.Ring start(long features) {
    assertTrue(driver.negotiate(features));
    Driver.Ring ring = driver.ring(0, 8);
    driver.ready();
    return ring;
  }

  /** A chain of one part to read and one to write, 16 bytes each, from descriptor {@code at} on. */
  private void request(Driver.Ring ring, int at) {
    ring.descriptor(at, BUFFERS + at * 64L, 16, DESC_F_NEXT, at + 1);
    ring.descriptor(at + 1, BUFFERS + at * 64L + 32, 16, DESC_F_WRITE, 0);
    ring.offer(at);
  }

  private void assertBroken() {
    assertTrue((driver.status() & STATUS_NEEDS_RESET) != 0);
    assertEquals(ISR_CONFIGURATION, driver.isr() & ISR_CONFIGURATION);
    // Nothing goes on until the reset, and then everything does.
    Driver.Ring ring = start(F_VERSION_1);
    driver.bytes(BUFFERS, "0123456789abcdef".getBytes());
    request(ring, 0);
    driver.notifyQueue(0);
    assertEquals(16, ring.take()[1]);
    assertEquals("0123456789abcdef", new String(driver.bytes(BUFFERS + 32, 16)));
  }

  @Test
  void identityIsThatOfAModernDevice() {
    assertEquals(0x1af4, driver.config(0, 2));
    assertEquals(0x1040 + CopyDevice.ID, driver.config(2, 2));
    assertTrue(driver.config(8, 1) >= 1);
    assertTrue(driver.config(0x2e, 2) >= 0x40);
    assertEquals(ALL | CopyDevice.FEATURE, driver.features());
    driver.common(DEVICE_FEATURE_SELECT, 4, 2);
    assertEquals(0, driver.common(DEVICE_FEATURE, 4));
    assertEquals(1, driver.common(NUM_QUEUES, 2));
  }

  @Test
  void featuresAreOnlyAgreedOnIfOfferedAndModern() {
    assertFalse(driver.negotiate(0));
    assertFalse(driver.negotiate(F_VERSION_1 | 1L << 20));
    driver.common(DEVICE_STATUS, 1, 15);
    assertEquals(0, driver.status() & (STATUS_DRIVER_OK | STATUS_FEATURES_OK));
    assertTrue(driver.negotiate(F_VERSION_1 | CopyDevice.FEATURE));
    driver.common(DRIVER_FEATURE, 4, 0);
    assertTrue(device.transport.negotiated(CopyDevice.FEATURE));
    driver.common(DEVICE_STATUS, 1, 0);
    assertEquals(0, driver.status());
    assertFalse(device.transport.negotiated(CopyDevice.FEATURE));
  }

  @Test
  void queueRegistersReadBackAndHoldWhileEnabled() {
    driver.negotiate(F_VERSION_1);
    driver.common(QUEUE_SELECT, 2, 0);
    assertEquals(CopyDevice.QUEUE_SIZE, driver.common(QUEUE_SIZE, 2));
    driver.common(QUEUE_SIZE, 2, 3);
    driver.common(QUEUE_SIZE, 2, 0);
    driver.common(QUEUE_SIZE, 2, 2 * CopyDevice.QUEUE_SIZE);
    assertEquals(CopyDevice.QUEUE_SIZE, driver.common(QUEUE_SIZE, 2));
    driver.common(QUEUE_DESC, 4, 0x1234_5000);
    driver.common(QUEUE_DESC + 4, 4, 7);
    assertEquals(0x7_1234_5000L, driver.common(QUEUE_DESC, 8));
    driver.common(QUEUE_MSIX_VECTOR, 2, 1);
    assertEquals(1, driver.common(QUEUE_MSIX_VECTOR, 2));
    driver.common(QUEUE_MSIX_VECTOR, 2, 2);
    assertEquals(NO_VECTOR, driver.common(QUEUE_MSIX_VECTOR, 2));
    driver.common(CONFIG_MSIX_VECTOR, 2, 1);
    assertEquals(1, driver.common(CONFIG_MSIX_VECTOR, 2));
    driver.common(QUEUE_ENABLE, 2, 1);
    assertEquals(1, driver.common(QUEUE_ENABLE, 2));
    driver.common(QUEUE_DESC, 4, 0);
    assertEquals(0x7_1234_5000L, driver.common(QUEUE_DESC, 8));
    driver.common(QUEUE_SELECT, 2, 1);
    assertEquals(0, driver.common(QUEUE_SIZE, 2), "no such queue");
    driver.common(DEVICE_STATUS, 1, 0);
    driver.common(QUEUE_SELECT, 2, 0);
    assertEquals(0, driver.common(QUEUE_ENABLE, 2));
  }

  @Test
  void aBufferComesBackWithItsInterruptByPin() {
    Driver.Ring ring = start(F_VERSION_1);
    driver.bytes(BUFFERS, "abcdefghijklmnop".getBytes());
    request(ring, 0);
    driver.notifyQueue(0);
    assertTrue(driver.wire.asserted());
    assertEquals(ISR_QUEUE, driver.isr());
    assertFalse(driver.wire.asserted());
    assertEquals(0, driver.isr());
    int[] used = ring.take();
    assertEquals(0, used[0]);
    assertEquals(16, used[1]);
    assertNull(ring.take());
    assertEquals("abcdefghijklmnop", new String(driver.bytes(BUFFERS + 32, 16)));
  }

  @Test
  void messagesGoByTheQueuesVector() {
    driver.enableMsiX(2);
    Driver.Ring ring = start(F_VERSION_1);
    request(ring, 0);
    request(ring, 2);
    driver.notifyQueue(0);
    assertEquals(List.of(1), driver.messages, "one for both");
    assertFalse(driver.wire.asserted());
    assertEquals(0, driver.isr());
    ring.flags(AVAIL_F_NO_INTERRUPT);
    request(ring, 4);
    driver.notifyQueue(0);
    assertEquals(1, driver.messages.size());
    assertEquals(3, ring.usedIndex());
  }

  @Test
  void withEventIndicesTheDriverHearsWhenItWants() {
    driver.enableMsiX(2);
    Driver.Ring ring = start(F_VERSION_1 | F_EVENT_IDX);
    ring.usedEvent(1);
    request(ring, 0);
    driver.notifyQueue(0);
    assertEquals(List.of(), driver.messages, "not before the second");
    assertEquals(1, ring.availableEvent(), "the device wants to hear of the next");
    request(ring, 2);
    driver.notifyQueue(0);
    assertEquals(List.of(1), driver.messages);
    request(ring, 4);
    driver.notifyQueue(0);
    assertEquals(1, driver.messages.size());
    assertEquals(3, ring.availableEvent());
  }

  @Test
  void indirectTablesAreFollowed() {
    Driver.Ring ring = start(F_VERSION_1 | F_INDIRECT_DESC);
    long table = Driver.RAM + 0x8_0000;
    driver.bytes(BUFFERS, "0123456789".getBytes());
    ring.descriptor(table, 0, BUFFERS, 4, DESC_F_NEXT, 2);
    ring.descriptor(table, 2, BUFFERS + 4, 6, DESC_F_NEXT, 1);
    ring.descriptor(table, 1, BUFFERS + 100, 10, DESC_F_WRITE, 0);
    ring.descriptor(5, table, 48, DESC_F_INDIRECT | DESC_F_WRITE, 0);
    ring.offer(5);
    driver.notifyQueue(0);
    assertEquals(10, ring.take()[1]);
    assertEquals("0123456789", new String(driver.bytes(BUFFERS + 100, 10)));
  }

  @Test
  void aLoopNeedsAReset() {
    Driver.Ring ring = start(F_VERSION_1);
    ring.descriptor(0, BUFFERS, 4, DESC_F_NEXT, 1);
    ring.descriptor(1, BUFFERS, 4, DESC_F_NEXT, 0);
    ring.offer(0);
    driver.notifyQueue(0);
    assertBroken();
  }

  @Test
  void aLoopInAnIndirectTableNeedsAReset() {
    Driver.Ring ring = start(F_VERSION_1 | F_INDIRECT_DESC);
    long table = Driver.RAM + 0x8_0000;
    ring.descriptor(table, 0, BUFFERS, 4, DESC_F_NEXT, 0);
    ring.descriptor(0, table, 16 * 4096, DESC_F_INDIRECT, 0);
    ring.offer(0);
    driver.notifyQueue(0);
    assertBroken();
  }

  @Test
  void impossibleDescriptorsNeedAReset() {
    long table = Driver.RAM + 0x8_0000;
    Object[][] cases = {
      {Driver.RAM - 1, 4, 0},
      {Driver.RAM + Driver.RAM_SIZE - 3, 4, 0},
      {-1L, 16, DESC_F_WRITE},
      {BUFFERS, -1, 0},
      {BUFFERS, 4, DESC_F_NEXT | 0x100},
      {table, 0, DESC_F_INDIRECT},
      {table, 17, DESC_F_INDIRECT},
      {table, 32, DESC_F_INDIRECT | DESC_F_NEXT},
      {1L << 60, 32, DESC_F_INDIRECT},
    };
    for (Object[] one : cases) {
      Driver.Ring ring = start(F_VERSION_1 | F_INDIRECT_DESC);
      ring.descriptor(0, (Long) one[0], (Integer) one[1], (Integer) one[2], 100);
      ring.offer(0);
      driver.notifyQueue(0);
      assertBroken();
    }
  }

  @Test
  void indirectInIndirectOrWithoutTheFeatureNeedsAReset() {
    long table = Driver.RAM + 0x8_0000;
    Driver.Ring ring = start(F_VERSION_1 | F_INDIRECT_DESC);
    ring.descriptor(table, 0, table, 16, DESC_F_INDIRECT, 0);
    ring.descriptor(0, table, 16, DESC_F_INDIRECT, 0);
    ring.offer(0);
    driver.notifyQueue(0);
    assertBroken();
    ring = start(F_VERSION_1);
    ring.descriptor(table, 0, BUFFERS, 16, 0, 0);
    ring.descriptor(0, table, 16, DESC_F_INDIRECT, 0);
    ring.offer(0);
    driver.notifyQueue(0);
    assertBroken();
  }

  @Test
  void partsToReadBehindPartsToWriteNeedAReset() {
    Driver.Ring ring = start(F_VERSION_1);
    ring.descriptor(0, BUFFERS, 4, DESC_F_NEXT | DESC_F_WRITE, 1);
    ring.descriptor(1, BUFFERS, 4, 0, 0);
    ring.offer(0);
    driver.notifyQueue(0);
    assertBroken();
  }

  @Test
  void badHeadsIndicesAndRingsNeedAReset() {
    Driver.Ring ring = start(F_VERSION_1);
    ring.offer(8);
    driver.notifyQueue(0);
    assertBroken();
    ring = start(F_VERSION_1);
    ring.availableIndex(9);
    driver.notifyQueue(0);
    assertBroken();
    driver.negotiate(F_VERSION_1);
    driver.common(QUEUE_SELECT, 2, 0);
    driver.common(QUEUE_ENABLE, 2, 1);
    driver.ready();
    driver.notifyQueue(0);
    assertBroken();
  }

  @Test
  void aResetInTheMiddleForgetsEverything() {
    Driver.Ring ring = start(F_VERSION_1);
    request(ring, 0);
    driver.common(DEVICE_STATUS, 1, 0);
    driver.notifyQueue(0);
    assertEquals(0, ring.usedIndex());
    assertTrue(device.resets > 0);
    ring = start(F_VERSION_1);
    request(ring, 0);
    driver.notifyQueue(0);
    assertEquals(1, ring.usedIndex());
  }

  @Test
  void oneQueueCanBeResetAlone() {
    Driver.Ring ring = start(F_VERSION_1 | F_RING_RESET);
    request(ring, 0);
    driver.notifyQueue(0);
    driver.common(QUEUE_SELECT, 2, 0);
    driver.common(QUEUE_RESET, 2, 1);
    assertEquals(0, driver.common(QUEUE_RESET, 2));
    assertEquals(0, driver.common(QUEUE_ENABLE, 2));
    Driver.Ring again = driver.ring(0, 4);
    request(again, 0);
    driver.notifyQueue(0);
    assertEquals(1, again.usedIndex());
  }

  @Test
  void withoutBusMasteringNothingMovesAndNothingBreaks() {
    Driver.Ring ring = start(F_VERSION_1);
    request(ring, 0);
    driver.config(4, 2, 2);
    driver.notifyQueue(0);
    assertEquals(0, ring.usedIndex());
    assertEquals(0, driver.status() & STATUS_NEEDS_RESET);
    driver.config(4, 2, 6);
    driver.notifyQueue(0);
    assertEquals(1, ring.usedIndex());
  }

  @Test
  void configurationChangesAreToldAndCounted() {
    driver.enableMsiX(2);
    driver.negotiate(F_VERSION_1);
    driver.common(CONFIG_MSIX_VECTOR, 2, 0);
    driver.ready();
    long generation = driver.common(CONFIG_GENERATION, 1);
    assertEquals(5, driver.deviceConfig(0, 4));
    device.value = 6;
    device.transport.configurationChanged();
    assertEquals(List.of(0), driver.messages);
    assertEquals(6, driver.deviceConfig(0, 4));
    assertTrue(generation != driver.common(CONFIG_GENERATION, 1));
    assertEquals(0, driver.deviceConfig(4, 4), "behind its end");
  }

  @Test
  void theStructuresAreReachedThroughConfigurationSpace() {
    int at = driver.accessCapability;
    driver.config(at + 4, 1, 0);
    driver.config(at + 8, 4, DEVICE_STATUS);
    driver.config(at + 12, 4, 1);
    driver.config(at + 16, 1, 3);
    assertEquals(3, driver.status());
    assertEquals(3, driver.config(at + 16, 1));
    driver.config(at + 8, 4, 0x2000);
    driver.config(at + 12, 4, 4);
    assertEquals(5, driver.config(at + 16, 4));
    driver.config(at + 4, 1, 5);
    assertEquals(0xffff_ffffL, driver.config(at + 16, 4), "no such BAR");
    driver.config(at + 4, 1, 0);
    driver.config(at + 8, 4, 0xffff_fff0L);
    assertEquals(0xffff_ffffL, driver.config(at + 16, 4), "behind its end");
  }
}
