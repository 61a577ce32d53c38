package orrery.kernel.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;
import orrery.kernel.abi.SigInfo;
import orrery.kernel.abi.Signal;

final class PendingSignalsTest {
  private static final int UNIT = 7;

  private SignalQuota quota = new SignalQuota();
  private PendingSignals pending = new PendingSignals();
  private final SignalInfo info = new SignalInfo();

  enum Kind {
    ADD,
    TAKE,
    DISCARD
  }

  record Step(Kind kind, int signal, long set) {}

  @Provide
  Arbitrary<List<Step>> steps() {
    return Combinators.combine(
            Arbitraries.frequency(
                Tuple.of(5, Kind.ADD), Tuple.of(3, Kind.TAKE), Tuple.of(1, Kind.DISCARD)),
            Arbitraries.integers().between(1, Signal.MAX),
            Arbitraries.longs())
        .as(Step::new)
        .list()
        .ofMaxSize(300);
  }

  @Property
  void behavesLikeAQueuePerSignal(@ForAll("steps") List<Step> steps) {
    quota = new SignalQuota();
    pending = new PendingSignals();
    TreeMap<Integer, Deque<Integer>> model = new TreeMap<>();
    int stamp = 0;
    for (Step step : steps) {
      switch (step.kind()) {
        case ADD -> {
          stamp++;
          assertTrue(pending.add(queued(step.signal(), stamp), quota, Limits.INFINITY, false));
          Deque<Integer> waiting = model.computeIfAbsent(step.signal(), s -> new ArrayDeque<>());
          if (waiting.isEmpty() || step.signal() >= Signal.SIGRTMIN) {
            waiting.add(stamp);
          }
        }
        case TAKE -> {
          int expected = next(model, step.set());
          assertEquals(expected, pending.take(step.set(), info));
          if (expected != 0) {
            assertEquals(expected, info.signal());
            assertEquals(model.get(expected).remove(), info.pid());
          }
        }
        case DISCARD -> {
          pending.discard(step.set());
          model.forEach(
              (signal, waiting) -> {
                if (Signal.in(step.set(), signal)) {
                  waiting.clear();
                }
              });
        }
      }
      check(model);
    }
  }

  private SignalInfo queued(int signal, int stamp) {
    return info.from(signal, SigInfo.SI_QUEUE, stamp, UNIT);
  }

  private static int next(TreeMap<Integer, Deque<Integer>> model, long blocked) {
    int found = 0;
    for (int signal : model.keySet()) {
      if (model.get(signal).isEmpty() || Signal.in(blocked, signal)) {
        continue;
      }
      if (Signal.in(Signal.SYNCHRONOUS, signal)) {
        return signal;
      }
      found = found == 0 ? signal : found;
    }
    return found;
  }

  private void check(TreeMap<Integer, Deque<Integer>> model) {
    long set = 0;
    int waiting = 0;
    for (int signal : model.keySet()) {
      waiting += model.get(signal).size();
      set |= model.get(signal).isEmpty() ? 0 : Signal.bit(signal);
    }
    assertEquals(set, pending.set());
    assertEquals(waiting, quota.waiting());
  }

  @Test
  void queuedSignalBeyondTheLimitIsRefused() {
    int signal = Signal.SIGRTMIN + 1;
    assertTrue(pending.add(queued(signal, 1), quota, 2, false));
    assertTrue(pending.add(queued(signal, 2), quota, 2, false));
    assertFalse(pending.add(queued(signal, 3), quota, 2, false));
    assertEquals(signal, pending.take(0, info));
    assertTrue(pending.add(queued(signal, 4), quota, 2, false));
  }

  @Test
  void signalThatFoundNoRoomIsRememberedByItsNumber() {
    assertTrue(pending.add(queued(Signal.SIGTERM, 1), quota, 0, true));
    assertEquals(Signal.bit(Signal.SIGTERM), pending.set());
    assertEquals(Signal.SIGTERM, pending.take(0, info));
    assertEquals(SigInfo.SI_USER, info.code());
    assertEquals(0, pending.set());
  }

  @Test
  void noProgramMakesTheKernelHoldMoreThanItsMaximum() {
    int accepted = 0;
    while (accepted <= SignalQuota.MAXIMUM
        && pending.add(queued(Signal.MAX, accepted), quota, Limits.INFINITY, false)) {
      accepted++;
    }
    assertEquals(SignalQuota.MAXIMUM, accepted);
  }
}
