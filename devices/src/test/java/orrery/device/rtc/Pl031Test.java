package orrery.device.rtc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static orrery.device.rtc.Pl031Registers.*;

import org.junit.jupiter.api.Test;
import orrery.device.TestLine;
import orrery.machine.clock.Alarm;

class Pl031Test {
  private static final long SECOND = 1_000_000_000;

  private final TestLine interrupt = new TestLine();
  private long now = 1_700_000_000 * SECOND + 250_000_000;
  private Runnable expired;
  private long alarmNanos = -1;
  private boolean alarmClosed;
  private final Pl031 clock = new Pl031(() -> now, () -> 0, this::alarm, interrupt);

  private Alarm alarm(Runnable callback) {
    expired = callback;
    return new Alarm() {
      @Override
      public void set(long nanos) {
        alarmNanos = nanos;
      }

      @Override
      public void setNoLater(long nanos) {
        throw new AssertionError("a match that was moved must not go off");
      }

      @Override
      public void close() {
        alarmClosed = true;
      }
    };
  }

  private long read(int register) {
    return clock.read(register, 4);
  }

  private void write(int register, long value) {
    clock.write(register, 4, value);
  }

  @Test
  void tellsTheTime() {
    assertEquals(1_700_000_000, read(RTCDR));
    now += 5 * SECOND;
    assertEquals(1_700_000_005, read(RTCDR));
    assertEquals(1, read(RTCCR));
  }

  @Test
  void takesTheTimeTheGuestLoads() {
    write(RTCLR, 1000);
    assertEquals(1000, read(RTCLR));
    assertEquals(1000, read(RTCDR));
    now += 2 * SECOND;
    assertEquals(1002, read(RTCDR));
    write(RTCLR, 0xffff_ffffL);
    assertEquals(0xffff_ffffL, read(RTCDR), "unsigned");
  }

  @Test
  void interruptsWhenTheTimeMatches() {
    write(RTCIMSC, 1);
    write(RTCMR, 1_700_000_003);
    assertEquals(3 * SECOND - 250_000_000, alarmNanos);
    assertFalse(interrupt.asserted());
    now += alarmNanos;
    expired.run();
    assertTrue(interrupt.asserted());
    assertEquals(1, read(RTCRIS));
    assertEquals(1, read(RTCMIS));
    write(RTCICR, 1);
    assertFalse(interrupt.asserted());
    assertEquals(0, read(RTCRIS));
  }

  @Test
  void waitsOnIfTheHostsTimeWasSetBack() {
    write(RTCIMSC, 1);
    write(RTCMR, 1_700_000_003);
    now -= SECOND;
    expired.run();
    assertFalse(interrupt.asserted());
    assertEquals(4 * SECOND - 250_000_000, alarmNanos);
  }

  @Test
  void doesNotMatchThePast() {
    write(RTCIMSC, 1);
    write(RTCMR, 1_600_000_000);
    assertFalse(interrupt.asserted());
    assertEquals(-1, alarmNanos);
  }

  @Test
  void masksTheInterrupt() {
    write(RTCMR, 1_700_000_000);
    assertEquals(1, read(RTCRIS));
    assertEquals(0, read(RTCMIS));
    assertFalse(interrupt.asserted());
    write(RTCIMSC, 1);
    assertTrue(interrupt.asserted());
  }

  @Test
  void identifiesItself() {
    int id = 0;
    int cell = 0;
    for (int i = 3; i >= 0; i--) {
      id = id << 8 | (int) read(0xfe0 + 4 * i);
      cell = cell << 8 | (int) read(0xff0 + 4 * i);
    }
    assertEquals(0x00041031, id);
    assertEquals(0xb105f00d, cell);
  }

  @Test
  void closingItEndsItsAlarm() {
    clock.close();
    assertTrue(alarmClosed);
  }
}
