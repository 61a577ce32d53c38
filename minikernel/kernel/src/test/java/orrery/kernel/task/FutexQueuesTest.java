package orrery.kernel.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;

final class FutexQueuesTest {
  private static final int THREADS = 12;
  private static final Object[] SPACES = {null, "one", "two"};

  /** Two futexes of one bucket among others. */
  private static final long[] ADDRESSES = {0x1000, 0x1004, 0x7f_ffff_fffcL, sameBucketAs(0x1000)};

  private FutexQueues queues = new FutexQueues();
  private final List<Sleeper> woken = new ArrayList<>();

  private final class Sleeper extends FutexWaiter {
    @Override
    protected void woken() {
      assertFalse(isQueued());
      woken.add(this);
    }
  }

  private record Place(Sleeper who, Object space, long address, int bitset) {}

  enum Kind {
    WAIT,
    CANCEL,
    WAKE,
    REQUEUE
  }

  record Step(Kind kind, int thread, int futex, int futex2, int count, int bitset) {}

  private static long sameBucketAs(long address) {
    long candidate = address + 4;
    while (FutexQueues.bucket(candidate) != FutexQueues.bucket(address)) {
      candidate += 4;
    }
    return candidate;
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    int futexes = SPACES.length * ADDRESSES.length;
    return Combinators.combine(
            Arbitraries.frequency(
                Tuple.of(8, Kind.WAIT),
                Tuple.of(1, Kind.CANCEL),
                Tuple.of(3, Kind.WAKE),
                Tuple.of(2, Kind.REQUEUE)),
            Arbitraries.integers().between(0, THREADS - 1),
            Arbitraries.integers().between(0, futexes - 1),
            Arbitraries.integers().between(0, futexes - 1),
            Arbitraries.integers().between(0, 5),
            Arbitraries.of(-1, 1, 2, 3, FutexQueues.UNWAKEABLE))
        .as(Step::new)
        .list()
        .ofMaxSize(200);
  }

  @Property
  void behavesLikeOneListInOrderOfArrival(@ForAll("steps") List<Step> steps) {
    queues = new FutexQueues();
    Sleeper[] threads = new Sleeper[THREADS];
    Arrays.setAll(threads, i -> new Sleeper());
    List<Place> model = new ArrayList<>();
    for (Step step : steps) {
      Object space = SPACES[step.futex() % SPACES.length];
      long address = ADDRESSES[step.futex() / SPACES.length];
      Sleeper thread = threads[step.thread()];
      switch (step.kind()) {
        case WAIT -> {
          if (!thread.isQueued()) {
            queues.add(thread, space, address, step.bitset());
            model.add(new Place(thread, space, address, step.bitset()));
          }
        }
        case CANCEL -> {
          queues.remove(thread);
          model.removeIf(p -> p.who() == thread);
        }
        case WAKE -> {
          woken.clear();
          List<Sleeper> expected = wake(model, space, address, step.count(), step.bitset());
          assertEquals(expected.size(), queues.wake(space, address, step.count(), step.bitset()));
          assertEquals(expected, woken);
        }
        case REQUEUE -> {
          Object space2 = SPACES[step.futex2() % SPACES.length];
          long address2 = ADDRESSES[step.futex2() / SPACES.length];
          if (step.futex() != step.futex2()) {
            int moved = requeue(model, space, address, step.count(), space2, address2);
            assertEquals(moved, queues.requeue(space, address, step.count(), space2, address2));
          }
        }
      }
      check(threads, model);
    }
  }

  private static List<Sleeper> wake(
      List<Place> model, Object space, long address, int count, int bitset) {
    List<Sleeper> result = new ArrayList<>();
    for (Iterator<Place> i = model.iterator(); i.hasNext() && result.size() < count; ) {
      Place p = i.next();
      if (p.space() == space && p.address() == address && (p.bitset() & bitset) != 0) {
        result.add(p.who());
        i.remove();
      }
    }
    return result;
  }

  private static int requeue(
      List<Place> model, Object space, long address, int count, Object space2, long address2) {
    List<Place> moved = new ArrayList<>();
    for (Iterator<Place> i = model.iterator(); i.hasNext() && moved.size() < count; ) {
      Place p = i.next();
      if (p.space() == space && p.address() == address && p.bitset() != FutexQueues.UNWAKEABLE) {
        moved.add(new Place(p.who(), space2, address2, p.bitset()));
        i.remove();
      }
    }
    model.addAll(moved);
    return moved.size();
  }

  private void check(Sleeper[] threads, List<Place> model) {
    for (Sleeper s : threads) {
      assertEquals(model.stream().anyMatch(p -> p.who() == s), s.isQueued());
    }
    for (Object space : SPACES) {
      for (long address : ADDRESSES) {
        FutexWaiter w = queues.first(space, address);
        for (Place p : model) {
          if (p.space() == space && p.address() == address) {
            assertSame(p.who(), w);
            w = queues.after(w);
          }
        }
        assertNull(w);
      }
    }
  }

  @Test
  void waiterThatOnlyAnOwnerMayWakeIsPassedOver() {
    Sleeper lock = new Sleeper();
    queues.add(lock, null, 0x1000, FutexQueues.UNWAKEABLE);
    assertEquals(0, queues.wake(null, 0x1000, 1, Futexes.ANY));
    assertEquals(0, queues.requeue(null, 0x1000, 1, null, 0x2000));
    assertSame(lock, queues.first(null, 0x1000));
  }
}
