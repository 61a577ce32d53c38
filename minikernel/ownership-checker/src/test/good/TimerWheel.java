package good;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import lib.CpuBuffer;
import orrery.ownership.Borrow;
import orrery.ownership.Borrower;
import orrery.ownership.Move;
import orrery.ownership.Mover;
import orrery.ownership.Now;
import orrery.ownership.Nullable;
import orrery.ownership.Owned;
import orrery.ownership.OwnedList;
import orrery.ownership.SlotArray;

/** Timers in the buckets of a wheel; each owns a buffer that is sent when it fires. */
@Owned
final class TimerWheel {
  private static final int BUCKETS = 16;

  /** One timer. */
  @Owned
  static final class Timer {
    private final CpuBuffer message;
    private final String name;
    private int turns;

    Timer(String name, int turns, @Move CpuBuffer message) {
      this.name = name;
      this.turns = turns;
      this.message = message;
    }

    @Borrow
    CpuBuffer message() {
      return message;
    }

    String name() {
      return name;
    }

    boolean isDue() {
      return turns <= 0;
    }

    void turn() {
      turns--;
    }

    @Move
    CpuBuffer fire() {
      return message;
    }

    @Move
    void cancel() {
      message.free();
    }
  }

  /** A bucket. */
  @Owned
  private static final class Bucket {
    private final OwnedList<Timer> timers = new OwnedList<>();

    void add(@Move Timer timer) {
      timers.addLast(timer);
    }

    /** Hands out what is due and keeps the rest. */
    int expire(@Now Mover<CpuBuffer> to) {
      OwnedList<Timer> later = new OwnedList<>();
      int fired = 0;
      Timer each;
      while ((each = timers.removeFirst()) != null) {
        if (each.isDue()) {
          to.take(each.fire());
          fired++;
        } else {
          each.turn();
          later.addLast(each);
        }
      }
      later.drain(t -> timers.addLast(t));
      later.close();
      return fired;
    }

    @Nullable
    Timer remove(String name) {
      Timer found = null;
      for (int left = timers.size(); left > 0; left--) {
        Timer each = timers.removeFirst();
        if (each == null) {
          break;
        }
        if (found == null && each.name().equals(name)) {
          found = each;
        } else {
          timers.addLast(each);
        }
      }
      return found;
    }

    void names(List<String> to) {
      timers.forEach(t -> to.add(t.name()));
    }

    void each(@Now Borrower<Timer> user) {
      timers.forEach(user);
    }

    @Move
    void close() {
      timers.drain(Timer::cancel);
      timers.close();
    }
  }

  private final SlotArray<Bucket> buckets = new SlotArray<>(BUCKETS);
  private int now;

  TimerWheel() {
    for (int i = 0; i < BUCKETS; i++) {
      buckets.put(i, new Bucket());
    }
  }

  void start(String name, int ticks, @Move CpuBuffer message) {
    int turns = ticks / BUCKETS;
    int bucket = (now + ticks) % BUCKETS;
    buckets.get(bucket).add(new Timer(name, turns, message));
  }

  boolean cancel(String name) {
    for (int i = 0; i < BUCKETS; i++) {
      Timer found = buckets.get(i).remove(name);
      if (found != null) {
        found.cancel();
        return true;
      }
    }
    return false;
  }

  int tick(List<Integer> heads) {
    now = (now + 1) % BUCKETS;
    return buckets
        .get(now)
        .expire(
            message -> {
              heads.add(message.read(0));
              message.free();
            });
  }

  List<String> names() {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < buckets.length(); i++) {
      Bucket bucket = buckets.get(i);
      bucket.names(names);
      bucket.each(t -> t.message().write(0, names.size()));
    }
    names.sort(Comparator.naturalOrder());
    return names;
  }

  @Move
  void close() {
    buckets.drain(Bucket::close);
    buckets.close();
  }
}
