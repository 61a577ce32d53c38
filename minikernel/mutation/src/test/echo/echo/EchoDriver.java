package echo;

import hw.Buffer;
import hw.Lent;
import hw.Port;
import orrery.ownership.IrqCtx;
import orrery.ownership.MaySleep;
import orrery.ownership.Move;
import orrery.ownership.OutOfRangeException;
import orrery.ownership.Owned;
import orrery.ownership.OwnedList;
import orrery.ownership.ProcessCtx;
import orrery.ownership.Range;
import orrery.ownership.Slot;

/** Sends buffers to a device that sends them back. */
@Owned
public final class EchoDriver {
  private static final int SIZE = 16;

  private final Port port;
  private final Counters counters;
  private final Buffer scratch;
  private final OwnedList<Buffer> done = new OwnedList<>();
  private final Slot<Buffer> spare = new Slot<>();

  private EchoDriver(Port port, Counters counters, @Move Buffer scratch) {
    this.port = port;
    this.counters = counters;
    this.scratch = scratch;
  }

  /** Takes the device over. */
  @MaySleep
  public static EchoDriver probe(Port port, Counters counters, ProcessCtx context) {
    port.reset();
    Buffer scratch = new Buffer(SIZE);
    scratch.write(0, 1);
    return new EchoDriver(port, counters, scratch);
  }

  /** Sends one value, or drops it. */
  public void send(int value, boolean drop) {
    Buffer buffer = fresh();
    buffer.write(0, value);
    if (drop) {
      recycle(buffer);
    } else {
      submit(buffer);
    }
  }

  private Buffer fresh() {
    Buffer old = spare.take();
    if (old != null) {
      return old;
    }
    return new Buffer(SIZE);
  }

  private void recycle(@Move Buffer buffer) {
    if (spare.isEmpty()) {
      spare.put(buffer);
    } else {
      buffer.free();
    }
  }

  private void submit(@Move Buffer buffer) {
    Lent rejected = port.submit(buffer.lend());
    if (rejected != null) {
      counters.countRejected();
      recycle(rejected.complete());
    }
  }

  /** Takes back what the device has finished. */
  public void interrupt(IrqCtx context) {
    Lent finished;
    while ((finished = port.reap()) != null) {
      Buffer buffer = finished.complete();
      counters.countReceived();
      done.addLast(buffer);
    }
  }

  /** Looks at what came back and frees it. */
  public int poll() {
    int sum = scratch.read(0);
    try {
      int length = Range.length(port.length(), SIZE);
      Buffer next;
      while ((next = done.removeFirst()) != null) {
        sum += total(next, length);
        next.free();
      }
    } catch (OutOfRangeException e) {
      done.drain(b -> b.free());
    }
    return sum + counters.sum();
  }

  private static int total(Buffer buffer, int length) {
    int sum = 0;
    for (int i = 0; i < length; i++) {
      sum += buffer.read(i);
    }
    return sum;
  }

  /** Gives the device back. */
  @Move
  @MaySleep
  public void remove(ProcessCtx context) {
    port.reset();
    Lent lost;
    while ((lost = port.reap()) != null) {
      Buffer buffer = lost.complete();
      buffer.free();
    }
    scratch.free();
    done.drain(b -> b.free());
    done.close();
    Buffer old = spare.take();
    if (old != null) {
      old.free();
    }
    spare.close();
  }
}
