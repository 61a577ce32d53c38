package good;

import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import lib.CpuBuffer;
import lib.IoError;
import lib.Queue;
import orrery.ownership.Borrow;
import orrery.ownership.Borrower;
import orrery.ownership.Move;
import orrery.ownership.Now;
import orrery.ownership.Nullable;
import orrery.ownership.Owned;
import orrery.ownership.OwnedList;
import orrery.ownership.Slot;

/** Generic holders of owned values: a pool, a pair, a cache of one, and how they are used. */
final class Pools {
  private Pools() {}

  /** Makes owned values. */
  @FunctionalInterface
  interface Maker<@Owned T> {
    T make(int number);
  }

  /** Ends owned values. */
  @FunctionalInterface
  interface Ender<@Owned T> {
    void end(@Move T value);
  }

  /** Lends values that it makes when it must. */
  @Owned
  static final class Pool<@Owned T> {
    private final OwnedList<T> idle = new OwnedList<>();
    private final Maker<T> maker;
    private int made;

    Pool(Maker<T> maker) {
      this.maker = maker;
    }

    T get() {
      T old = idle.removeFirst();
      return old != null ? old : maker.make(made++);
    }

    void back(@Move T value) {
      idle.addLast(value);
    }

    void with(@Now Borrower<T> user) {
      T value = get();
      try {
        user.use(value);
      } finally {
        back(value);
      }
    }

    @Move
    int close(@Now Ender<T> ender) {
      int count = idle.size();
      idle.drain(v -> ender.end(v));
      idle.close();
      return count;
    }
  }

  /** Two values. */
  @Owned
  record Pair<@Owned A, @Owned B>(A first, B second) {
    @Move
    Pair<B, A> swapped() {
      return new Pair<>(second, first);
    }
  }

  /** Remembers the last value by its number. */
  @Owned
  static final class Cache {
    private final Slot<CpuBuffer> last = new Slot<>();
    private int number = -1;
    private int hits;

    @Borrow
    CpuBuffer get(int wanted) {
      if (number == wanted && !last.isEmpty()) {
        hits++;
        return last.get();
      }
      CpuBuffer fresh = CpuBuffer.allocate(wanted + 1);
      CpuBuffer old = last.replace(fresh);
      number = wanted;
      if (old != null) {
        old.free();
      }
      return last.get();
    }

    int hits() {
      return hits;
    }

    @Move
    void close() {
      CpuBuffer old = last.take();
      if (old != null) {
        old.free();
      }
      last.close();
    }
  }

  static int rounds(Queue queue, List<Integer> sizes) throws IoError {
    Pool<CpuBuffer> pool = new Pool<>(n -> CpuBuffer.allocate(n + 64));
    int total = 0;
    try {
      for (Integer size : sizes) {
        CpuBuffer buffer = pool.get();
        if (size > buffer.size()) {
          buffer.free();
          continue;
        }
        buffer.write(0, size);
        try {
          queue.ring();
          total += buffer.read(0);
        } finally {
          pool.back(buffer);
        }
      }
      pool.with(b -> sizes.forEach(s -> b.write(0, s)));
    } finally {
      total += pool.close(CpuBuffer::free);
    }
    return total;
  }

  static int swap() {
    Pair<CpuBuffer, CpuBuffer> pair =
        new Pair<>(CpuBuffer.allocate(1), CpuBuffer.allocate(2)).swapped();
    return switch (pair) {
      case Pair<CpuBuffer, CpuBuffer>(CpuBuffer a, CpuBuffer b) -> {
        int sizes = a.size() * 10 + b.size();
        a.free();
        b.free();
        yield sizes;
      }
    };
  }

  static int cached(int rounds) {
    Cache cache = new Cache();
    int sum = 0;
    for (int i = 0; i < rounds; i++) {
      CpuBuffer lent = cache.get(i / 2);
      lent.write(0, i);
      sum += lent.read(0) + cache.get(i / 2).size();
    }
    sum += cache.hits();
    cache.close();
    return sum;
  }

  @Nullable
  static CpuBuffer first(IntPredicate wanted, IntFunction<String> names) {
    int found = IntStream.range(0, 10).filter(wanted).findFirst().orElse(-1);
    if (found < 0 || names.apply(found).isEmpty()) {
      return null;
    }
    CpuBuffer buffer = CpuBuffer.tryAllocate(found);
    if (buffer != null) {
      buffer.write(0, found);
    }
    return buffer;
  }
}
