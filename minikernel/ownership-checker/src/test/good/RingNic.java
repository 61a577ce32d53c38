package good;

import lib.CpuBuffer;
import lib.DeviceBuffer;
import lib.IoError;
import lib.Irq;
import lib.Queue;
import lib.WorkQueue;
import orrery.ownership.MaySleep;
import orrery.ownership.Move;
import orrery.ownership.Nullable;
import orrery.ownership.Owned;
import orrery.ownership.OwnedList;
import orrery.ownership.Shared;
import orrery.ownership.SlotArray;
import orrery.ownership.SpinGuard;
import orrery.ownership.SpinLock;

/** A network card: rings of buffers by number, statistics under a lock, an interrupt. */
@Owned
final class RingNic {
  private static final int DEPTH = 16;
  private static final int FRAME = 256;

  /** What the handler and programs share. */
  @Shared
  static final class Statistics {
    private final SpinLock lock = new SpinLock("statistics");

    @Shared("lock")
    private long received;

    @Shared("lock")
    private long dropped;

    void countReceived() {
      try (SpinGuard guard = lock.lock()) {
        received++;
      }
    }

    boolean tryCountDropped() {
      SpinGuard guard = lock.tryLock();
      if (guard == null) {
        return false;
      }
      dropped++;
      guard.close();
      return true;
    }

    long total() {
      try (SpinGuard guard = lock.lock()) {
        return sum();
      }
    }

    @Shared("lock")
    private long sum() {
      return received + dropped;
    }
  }

  private final Queue queue;
  private final Statistics statistics;
  private final SlotArray<DeviceBuffer> posted = new SlotArray<>(DEPTH);
  private final OwnedList<CpuBuffer> pool = new OwnedList<>();
  private final Irq.Registration registration;
  private int next;

  private RingNic(Queue queue, Statistics statistics, @Move Irq.Registration registration) {
    this.queue = queue;
    this.statistics = statistics;
    this.registration = registration;
  }

  @MaySleep
  static RingNic probe(Queue queue, WorkQueue work) throws IoError {
    queue.waitIdle();
    Statistics statistics = new Statistics();
    int depth = queue.depth();
    Irq.Registration registration =
        Irq.request(
            depth,
            context -> {
              statistics.countReceived();
              work.submit(process -> queue.waitIdle());
            });
    RingNic nic = new RingNic(queue, statistics, registration);
    nic.refill(DEPTH / 2);
    return nic;
  }

  private void refill(int count) {
    for (int i = 0; i < count && next < DEPTH; i++) {
      CpuBuffer buffer = fresh();
      if (buffer == null) {
        break;
      }
      buffer.write(0, i);
      posted.put(next++, buffer.toDevice());
    }
  }

  @Nullable
  private CpuBuffer fresh() {
    CpuBuffer old = pool.removeFirst();
    return old != null ? old : CpuBuffer.tryAllocate(FRAME);
  }

  int poll(int budget) {
    int done = 0;
    for (int i = 0; i < DEPTH && done < budget; i++) {
      DeviceBuffer back = posted.take(i);
      if (back == null) {
        continue;
      }
      CpuBuffer frame = back.complete();
      int head = frame.read(0);
      if (head < 0) {
        statistics.tryCountDropped();
        frame.free();
        continue;
      }
      done += head;
      pool.addLast(frame);
    }
    return done;
  }

  boolean send(@Move CpuBuffer frame) {
    DeviceBuffer rejected = queue.trySubmit(frame.toDevice());
    if (rejected == null) {
      return true;
    }
    pool.addLast(rejected.complete());
    return false;
  }

  @MaySleep
  @Move
  long remove() {
    registration.release();
    queue.waitIdle();
    posted.drain(lent -> lent.complete().free());
    posted.close();
    pool.drain(CpuBuffer::free);
    pool.close();
    return statistics.total();
  }
}
