package good;

import lib.CpuBuffer;
import lib.DeviceBuffer;
import lib.Driver;
import lib.IoError;
import lib.Queue;
import orrery.ownership.Borrow;
import orrery.ownership.Borrower;
import orrery.ownership.MaySleep;
import orrery.ownership.Move;
import orrery.ownership.Mover;
import orrery.ownership.Now;
import orrery.ownership.Nullable;
import orrery.ownership.Owned;
import orrery.ownership.OwnedList;
import orrery.ownership.Slot;

/** Stages that hand buffers on: generics, inheritance, abstract methods and functions. */
final class Pipeline {
  private Pipeline() {}

  /** Keeps values until somebody wants them. */
  @Owned
  static final class Stage<@Owned T> {
    private final OwnedList<T> waiting = new OwnedList<>();
    private final Slot<T> current = new Slot<>();

    void offer(@Move T value) {
      if (current.isEmpty()) {
        current.put(value);
      } else {
        waiting.addLast(value);
      }
    }

    @Nullable
    T next() {
      T now = current.take();
      T following = waiting.removeFirst();
      if (following != null) {
        current.put(following);
      }
      return now;
    }

    void look(@Now Borrower<T> user) {
      current.lend(user);
      waiting.forEach(v -> user.use(v));
    }

    @Move
    void end(@Now Mover<T> to) {
      T left = current.take();
      if (left != null) {
        to.take(left);
      }
      waiting.drain(to);
      current.close();
      waiting.close();
    }
  }

  /** What all stages of hardware have. */
  @Owned
  abstract static class Base extends Driver {
    protected final Stage<CpuBuffer> input = new Stage<>();
    private final CpuBuffer scratch = CpuBuffer.allocate(32);

    @Borrow
    CpuBuffer scratch() {
      return scratch;
    }

    @Override
    public void take(@Move CpuBuffer buffer) {
      input.offer(buffer);
    }

    @Override
    public int peek(CpuBuffer buffer) {
      return buffer.read(0) + scratch.read(0);
    }

    @Override
    @Move
    public void remove() {
      input.end(b -> b.free());
      scratch.free();
    }
  }

  /** One that has a device. */
  @Owned
  static final class Hardware extends Base {
    private final Queue queue;
    private final Stage<DeviceBuffer> lent = new Stage<>();

    Hardware(Queue queue) {
      this.queue = queue;
    }

    @Override
    @MaySleep
    public void probe() {
      queue.waitIdle();
      CpuBuffer scratch = scratch();
      scratch.write(0, 1);
    }

    @Override
    public void interrupt() {
      DeviceBuffer back = lent.next();
      if (back != null) {
        take(back.complete());
      }
    }

    int pump() throws IoError {
      int moved = 0;
      for (CpuBuffer b = input.next(); b != null; b = input.next()) {
        try {
          queue.ring();
        } catch (IoError e) {
          b.free();
          throw e;
        }
        lent.offer(b.toDevice());
        moved++;
      }
      return moved;
    }

    @Override
    @Move
    public void remove() {
      lent.end(d -> d.complete().free());
      super.remove();
    }
  }

  @MaySleep
  static int drive(Queue queue) throws IoError {
    Hardware hardware = new Hardware(queue);
    hardware.probe();
    int[] sum = new int[1];
    hardware.take(CpuBuffer.allocate(8));
    hardware.input.look(b -> sum[0] += b.size());
    try {
      return hardware.pump() + sum[0];
    } finally {
      hardware.remove();
    }
  }
}
