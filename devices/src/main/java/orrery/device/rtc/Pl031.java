package orrery.device.rtc;

import static orrery.device.rtc.Pl031Registers.*;

import java.util.function.LongSupplier;
import orrery.machine.bus.MmioDevice;
import orrery.machine.clock.Alarm;
import orrery.machine.irq.InterruptLine;

/**
 * A PL031 real-time clock (Arm DDI 0224C): seconds since 1970 by the machine's real time until the
 * guest loads another value. It runs from power-on, as a clock with a battery does.
 *
 * <p>Threads: registers on the vCPU's thread, the alarm on its own; the monitor guards the
 * registers and is taken before the interrupt controller's.
 */
public final class Pl031 implements MmioDevice {
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private final LongSupplier realtime;
  private final LongSupplier monotonic;
  private final Alarm alarm;
  private final InterruptLine interrupt;

  /** Added to the host's seconds. */
  private int offset;

  private int match;
  private int load;
  private boolean enabled;
  private boolean raw;
  private boolean asserted;

  /**
   * A clock that runs.
   *
   * @param realtime nanoseconds since 1970-01-01T00:00:00Z
   * @param monotonic the time that alarms go by
   */
  Pl031(
      LongSupplier realtime, LongSupplier monotonic, Alarm.Maker alarms, InterruptLine interrupt) {
    this.realtime = realtime;
    this.monotonic = monotonic;
    this.interrupt = interrupt;
    this.alarm = alarms.make(this::alarm);
  }

  @Override
  public synchronized long read(long at, int width) {
    int register = (int) at;
    if (register >= IDENTIFICATION) {
      return identification(register);
    }
    return switch (register) {
      case RTCDR -> Integer.toUnsignedLong(seconds());
      case RTCMR -> Integer.toUnsignedLong(match);
      case RTCLR -> Integer.toUnsignedLong(load);
      case RTCCR -> ENABLE;
      case RTCIMSC -> enabled ? ENABLE : 0;
      case RTCRIS -> raw ? ENABLE : 0;
      case RTCMIS -> raw && enabled ? ENABLE : 0;
      default -> 0; // write-only or reserved: RAZ
    };
  }

  @Override
  public synchronized void write(long at, int width, long value) {
    int word = (int) value;
    switch ((int) at) {
      case RTCMR -> {
        match = word;
        setAlarm();
      }
      case RTCLR -> {
        load = word;
        offset += word - seconds();
        setAlarm();
      }
      case RTCIMSC -> enabled = (word & ENABLE) != 0;
      case RTCICR -> raw &= (word & ENABLE) == 0;
      default -> {} // read-only or reserved: WI; RTCCR cannot stop what it started (3.3.4)
    }
    update();
  }

  /** The time may be that of the match register. */
  private synchronized void alarm() {
    if (seconds() - match >= 0) {
      raw = true;
      update();
    } else {
      setAlarm(); // real time was set back, or the alarm came early
    }
  }

  /** The machine is off. */
  void close() {
    alarm.close();
  }

  private void setAlarm() {
    // Only the future: the comparator sees a match when the counter gets there (section 2.2.2).
    int left = match - seconds();
    if (left > 0) {
      long intoSecond = Math.floorMod(realtime.getAsLong(), NANOS_PER_SECOND);
      alarm.set(monotonic.getAsLong() + left * NANOS_PER_SECOND - intoSecond);
    } else if (left == 0) {
      raw = true;
    }
  }

  private int seconds() {
    return (int) Math.floorDiv(realtime.getAsLong(), NANOS_PER_SECOND) + offset;
  }

  private void update() {
    boolean assertion = raw && enabled;
    if (assertion != asserted) {
      asserted = assertion;
      interrupt.set(assertion);
    }
  }
}
