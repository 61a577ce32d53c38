package good;

import java.util.concurrent.atomic.AtomicInteger;
import lib.Irq;
import lib.Mapping;
import lib.WorkQueue;
import orrery.ownership.IrqCtx;
import orrery.ownership.MaySleep;
import orrery.ownership.Move;
import orrery.ownership.Owned;
import orrery.ownership.ProcessCtx;
import orrery.ownership.Shared;
import orrery.ownership.SpinGuard;
import orrery.ownership.SpinLock;

/** A serial line: the interrupt fills a ring under a lock, work empties it in process context. */
@Owned
final class Uart {
  private static final int DATA = 0;
  private static final int CONTROL = 4;
  private static final int ENABLE = 1;

  /** What the interrupt handler, work and programs share. */
  @Shared
  static final class Line {
    private static final int SIZE = 64;

    private final SpinLock lock = new SpinLock("line");
    private final AtomicInteger overruns = new AtomicInteger();

    @Shared("lock")
    private final byte[] ring = new byte[SIZE];

    @Shared("lock")
    private int head;

    @Shared("lock")
    private int tail;

    @Shared("lock")
    private StringBuilder text = new StringBuilder();

    void receive(int value) {
      try (SpinGuard guard = lock.lock()) {
        if (isFull()) {
          overruns.incrementAndGet();
          return;
        }
        ring[head] = (byte) value;
        head = next(head);
      }
    }

    @Shared("lock")
    private boolean isFull() {
      return next(head) == tail;
    }

    private static int next(int index) {
      return (index + 1) % SIZE;
    }

    /** Moves bytes to the text; returns how many. */
    int collect() {
      int count = 0;
      try (SpinGuard guard = lock.lock()) {
        byte[] from = ring;
        while (tail != head) {
          text.append((char) from[tail]);
          tail = next(tail);
          count++;
        }
      }
      return count;
    }

    /** The text so far, which is the caller's from now on. */
    String takeText() {
      StringBuilder old;
      try (SpinGuard guard = lock.lock()) {
        old = text;
        text = new StringBuilder();
      }
      return old.reverse().reverse().toString();
    }

    int tryCount() {
      SpinGuard guard = lock.tryLock();
      if (guard == null) {
        return -1;
      }
      try {
        int count = head - tail;
        return count < 0 ? count + SIZE : count;
      } finally {
        guard.close();
      }
    }

    int overruns() {
      return overruns.get();
    }
  }

  private final Mapping registers;
  private final Line line;
  private final Irq.Registration registration;

  private Uart(@Move Mapping registers, Line line, @Move Irq.Registration registration) {
    this.registers = registers;
    this.line = line;
    this.registration = registration;
  }

  static Uart probe(int address, int irq, WorkQueue work) {
    Mapping registers = Mapping.open(address);
    if (registers.read(CONTROL) != 0) {
      registers.write(CONTROL, 0);
    }
    Line line = new Line();
    Irq.Registration registration =
        Irq.request(
            irq,
            context -> {
              handle(context, line);
              work.submit(process -> flush(process, line));
            });
    registers.write(CONTROL, ENABLE);
    return new Uart(registers, line, registration);
  }

  private static void handle(IrqCtx context, Line line) {
    for (int i = 0; i < 4; i++) {
      line.receive('a' + i);
    }
  }

  @MaySleep
  private static void flush(ProcessCtx context, Line line) {
    if (line.collect() > 0) {
      java.util.concurrent.locks.LockSupport.parkNanos(1);
    }
  }

  void write(String text) {
    text.chars().forEach(c -> registers.write(DATA, c));
  }

  void writeAll(String... texts) {
    for (String each : texts) {
      for (char c : each.toCharArray()) {
        registers.write(DATA, c);
      }
    }
  }

  String drain() {
    line.collect();
    return line.takeText() + " " + line.tryCount() + " " + line.overruns();
  }

  @Move
  void remove() {
    registers.write(CONTROL, 0);
    registration.release();
    registers.close();
  }
}
