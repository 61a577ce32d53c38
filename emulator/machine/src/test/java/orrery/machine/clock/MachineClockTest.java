package orrery.machine.clock;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class MachineClockTest {
  private static final long SECOND = 1_000_000_000;

  private final MachineClock clock = new MachineClock();

  @Test
  void counterTicksEverySixteenNanoseconds() {
    long before = clock.nanos();
    long ticks = clock.counter();
    long after = clock.nanos();
    assertTrue(ticks >= before / 16 && ticks <= after / 16);
    assertTrue(SECOND / MachineClock.NANOS_PER_TICK == MachineClock.COUNTER_FREQUENCY);
  }

  @Test
  void startsWhenItIsMade() {
    long now = clock.nanos();
    assertTrue(clock.startNanos() <= now);
    assertTrue(now - clock.startNanos() < 60 * SECOND);
  }

  @Test
  void tellsTheHostsRealTime() {
    long before = System.currentTimeMillis() * 1_000_000;
    long real = clock.realtimeNanos();
    long after = (System.currentTimeMillis() + 1) * 1_000_000;
    assertTrue(real > before - SECOND && real < after + SECOND);
  }
}
