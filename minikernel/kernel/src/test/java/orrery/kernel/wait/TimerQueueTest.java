package orrery.kernel.wait;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;

final class TimerQueueTest {
  private static final int TIMERS = 100;
  private static final long DISARMED = -1;

  private TimerQueue queue = new TimerQueue();
  private final List<Recorder> expired = new ArrayList<>();

  private final class Recorder extends KernelTimer {
    private final int number;

    Recorder(int number) {
      this.number = number;
    }

    @Override
    protected void expired() {
      assertFalse(isArmed());
      expired.add(this);
    }
  }

  enum Kind {
    ARM,
    CANCEL,
    EXPIRE
  }

  record Step(Kind kind, int timer, long time) {}

  @Provide
  Arbitrary<List<Step>> steps() {
    return Combinators.combine(
            Arbitraries.frequency(
                Tuple.of(6, Kind.ARM), Tuple.of(2, Kind.CANCEL), Tuple.of(1, Kind.EXPIRE)),
            Arbitraries.integers().between(0, TIMERS - 1),
            Arbitraries.longs().between(0, 1000))
        .as(Step::new)
        .list()
        .ofMaxSize(400);
  }

  @Property
  void expiresWhatIsDueAndKeepsTheRest(@ForAll("steps") List<Step> steps) {
    queue = new TimerQueue();
    Recorder[] timers = new Recorder[TIMERS];
    long[] model = new long[TIMERS];
    Arrays.setAll(timers, Recorder::new);
    Arrays.fill(model, DISARMED);
    for (Step step : steps) {
      switch (step.kind()) {
        case ARM -> {
          queue.arm(timers[step.timer()], step.time());
          model[step.timer()] = step.time();
        }
        case CANCEL -> {
          queue.cancel(timers[step.timer()]);
          model[step.timer()] = DISARMED;
        }
        case EXPIRE -> {
          expired.clear();
          queue.expire(step.time());
          checkExpired(model, step.time());
        }
      }
      check(timers, model);
    }
    Arrays.stream(timers).forEach(queue::cancel);
    assertEquals(Long.MAX_VALUE, queue.earliest());
  }

  private void checkExpired(long[] model, long now) {
    int due = 0;
    for (int i = 0; i < TIMERS; i++) {
      due += model[i] != DISARMED && model[i] <= now ? 1 : 0;
    }
    assertEquals(due, expired.size());
    long last = 0;
    for (Recorder r : expired) {
      assertTrue(model[r.number] >= last && model[r.number] <= now);
      last = model[r.number];
      model[r.number] = DISARMED;
    }
  }

  private void check(Recorder[] timers, long[] model) {
    long earliest = Long.MAX_VALUE;
    for (int i = 0; i < TIMERS; i++) {
      assertEquals(model[i] != DISARMED, timers[i].isArmed());
      if (model[i] != DISARMED) {
        assertEquals(model[i], timers[i].deadline());
        earliest = Math.min(earliest, model[i]);
      }
    }
    assertEquals(earliest, queue.earliest());
  }

  @Test
  void timerArmedAgainWhileItExpiresIsServedInTheSameRoundOnlyIfDue() {
    int[] count = {0};
    KernelTimer periodic =
        new KernelTimer() {
          @Override
          protected void expired() {
            count[0]++;
            queue.arm(this, deadline() + 10);
          }
        };
    queue.arm(periodic, 5);
    queue.expire(30);
    assertEquals(3, count[0]);
    assertEquals(35, queue.earliest());
  }

  @Test
  void timerMayCancelAnotherThatIsDue() {
    Recorder victim = new Recorder(0);
    queue.arm(
        new KernelTimer() {
          @Override
          protected void expired() {
            queue.cancel(victim);
          }
        },
        1);
    queue.arm(victim, 2);
    queue.expire(3);
    assertTrue(expired.isEmpty());
    assertEquals(Long.MAX_VALUE, queue.earliest());
  }
}
