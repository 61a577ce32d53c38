package orrery.device.virtio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static orrery.device.virtio.VirtioRegisters.*;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import orrery.device.console.HostConsole;
import orrery.device.uart.CapturedLine;

class VirtioConsoleTest {
  private static final long BUFFER = Driver.RAM + 0x4_0000;
  private static final int RECEIVE = 0;
  private static final int TRANSMIT = 1;
  private static final long F_SIZE = 1;
  private static final int EMERGENCY_WRITE = 8;

  private final CapturedLine line = new CapturedLine();
  private final HostConsole terminal = new HostConsole();
  private final Driver driver = new Driver();
  private VirtioFunction function;
  private Driver.Ring receive;
  private Driver.Ring transmit;

  private void start() {
    plug();
    assertTrue(driver.negotiate(F_VERSION_1 | F_SIZE));
    driver.common(CONFIG_MSIX_VECTOR, 2, 0);
    receive = driver.ring(RECEIVE, 4);
    transmit = driver.ring(TRANSMIT, 4);
    driver.ready();
  }

  private void plug() {
    function = new VirtioFunction(new VirtioConsole(line, terminal, driver));
    driver.plug(function);
    driver.enableMsiX(3);
  }

  @AfterEach
  void free() {
    driver.close();
  }

  private void send(String text, int descriptor) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    long at = BUFFER + 0x1_0000L * descriptor;
    driver.bytes(at, bytes);
    transmit.descriptor(descriptor, at, bytes.length, 0, 0);
    transmit.offer(descriptor);
    driver.notifyQueue(TRANSMIT);
  }

  private void offerRoom(int descriptor, int bytes) {
    receive.descriptor(descriptor, BUFFER + 0x1000L * descriptor, bytes, DESC_F_WRITE, 0);
    receive.offer(descriptor);
    driver.notifyQueue(RECEIVE);
  }

  private String received(int descriptor, int length) {
    return new String(driver.bytes(BUFFER + 0x1000L * descriptor, length), StandardCharsets.UTF_8);
  }

  @Test
  void whatTheDriverSendsReachesTheLine() {
    start();
    send("hello ", 0);
    send("world", 1);
    assertEquals("hello world", line.sent());
    assertEquals(0, transmit.take()[0]);
    assertEquals(0, transmit.take()[1], "nothing was written into the buffer");
  }

  @Test
  void aFullLineHoldsTheBufferBackAndLosesNothing() {
    start();
    String text = "0123456789".repeat(300);
    line.setRoom(700);
    send(text, 0);
    send("!", 1);
    assertEquals(text.substring(0, 700), line.sent());
    assertNull(transmit.take());
    line.setRoom(1000);
    assertEquals(700, line.sent().length(), "not on the host's thread");
    driver.calls.run();
    assertEquals(text.substring(0, 1700), line.sent());
    line.setRoom(Integer.MAX_VALUE);
    driver.calls.run();
    assertEquals(text + "!", line.sent());
    assertNotNull(transmit.take());
    assertNotNull(transmit.take());
  }

  @Test
  void whatArrivesWaitsForRoomAndForTheDriver() {
    line.arrive("early");
    start();
    line.arrive(" bird");
    driver.calls.run();
    offerRoom(0, 4);
    assertEquals(4, receive.take()[1]);
    assertEquals("earl", received(0, 4));
    driver.messages.clear();
    offerRoom(1, 100);
    assertEquals(6, receive.take()[1]);
    assertEquals("y bird", received(1, 6));
    assertEquals(List.of(RECEIVE + 1), driver.messages);
    offerRoom(2, 100);
    assertNull(receive.take());
    line.arrive("x");
    assertNull(receive.take(), "not on the host's thread");
    driver.calls.run();
    assertEquals(1, receive.take()[1]);
  }

  @Test
  void theSizeIsToldAndItsChangesInterrupt() {
    terminal.resize(80, 24);
    start();
    assertEquals(List.of(0), driver.messages, "the first size is a change too");
    assertEquals(80, driver.deviceConfig(0, 2));
    assertEquals(24, driver.deviceConfig(2, 2));
    driver.messages.clear();
    terminal.resize(132, 50);
    assertEquals(List.of(), driver.messages, "not on the host's thread");
    driver.calls.run();
    assertEquals(List.of(0), driver.messages);
    assertEquals(132 | 50 << 16, driver.deviceConfig(0, 4));
    terminal.resize(132, 50);
    driver.calls.run();
    assertEquals(1, driver.messages.size(), "it is the same size");
  }

  @Test
  void emergencyBytesNeedNoDriverAndWaitForRoom() {
    plug();
    driver.deviceConfig(EMERGENCY_WRITE, 4, 'a');
    line.setRoom(0);
    driver.deviceConfig(EMERGENCY_WRITE, 4, 'b');
    driver.deviceConfig(EMERGENCY_WRITE, 1, 'c');
    assertEquals("a", line.sent());
    line.setRoom(Integer.MAX_VALUE);
    driver.calls.run();
    assertEquals("abc", line.sent());
  }

  @Test
  void powerOffDeliversWhatIsInTheRing() throws InterruptedException {
    start();
    String text = "0123456789".repeat(300);
    line.setRoom(10);
    send(text, 0);
    AtomicBoolean over = new AtomicBoolean();
    Thread host =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!over.get()) {
                    if (line.room() == 0) {
                      line.setRoom(500);
                    }
                    Thread.onSpinWait();
                  }
                });
    function.powerOff(Long.MAX_VALUE);
    over.set(true);
    host.join();
    assertEquals(text, line.sent());
    assertTrue(line.drained());
  }

  @Test
  void powerOffSeesRoomThatComesBetweenTwoLooks() {
    start();
    String text = "0123456789".repeat(300);
    line.setRoom(10);
    send(text, 0);
    line.refill(700);
    function.powerOff(Long.MAX_VALUE);
    assertEquals(text, line.sent());
  }

  @Test
  void powerOffWithAHostThatDoesNotReadEndsInTime() {
    start();
    line.setRoom(0);
    send("lost", 0);
    function.powerOff(System.nanoTime() + 1_000_000);
    assertTrue(line.drained());
  }

  @Test
  void aResetForgetsHowFarABufferWas() {
    start();
    line.setRoom(2);
    send("abcdef", 0);
    driver.common(DEVICE_STATUS, 1, 0);
    line.setRoom(Integer.MAX_VALUE);
    driver.calls.run();
    assertEquals("ab", line.sent());
    driver.negotiate(F_VERSION_1);
    transmit = driver.ring(TRANSMIT, 4);
    driver.ready();
    send("xyz", 0);
    assertEquals("abxyz", line.sent());
  }
}
