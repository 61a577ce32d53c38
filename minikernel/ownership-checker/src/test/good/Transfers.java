package good;

import java.util.ArrayList;
import java.util.List;
import lib.CpuBuffer;
import lib.IoError;
import lib.Mapping;
import lib.Outcome;
import lib.Queue;
import orrery.ownership.Move;
import orrery.ownership.Now;
import orrery.ownership.Nullable;
import orrery.ownership.Owned;

/** One-off transfers in the style of records, sealed types, switches and functions. */
final class Transfers {
  /** What a transfer asks for. */
  sealed interface Request permits Read, Write, Flush {}

  record Read(int from, int length) implements Request {}

  record Write(int to, byte[] data) implements Request {}

  enum Flush implements Request {
    ALL
  }

  /** A request with its buffer. */
  @Owned
  record Prepared(CpuBuffer buffer, String name) {
    int size() {
      return buffer.size();
    }
  }

  /** Looks at a prepared request. */
  @FunctionalInterface
  interface Watcher {
    void sees(CpuBuffer buffer);
  }

  private final List<String> log = new ArrayList<>();
  private final Queue queue;

  Transfers(Queue queue) {
    this.queue = queue;
  }

  int run(Request request, @Now Watcher watcher) {
    return switch (request) {
      case Read(int from, int length) when length > 0 -> finish(prepare("read", length, from));
      case Read unused -> 0;
      case Write(int to, byte[] data) -> {
        Prepared prepared = prepare("write", data.length, to);
        watcher.sees(prepared.buffer());
        yield finish(prepared);
      }
      case Flush.ALL -> {
        log.add("flush");
        yield 0;
      }
    };
  }

  private static Prepared prepare(String name, int length, int first) {
    CpuBuffer buffer = CpuBuffer.allocate(Math.max(length, 1));
    buffer.write(0, first);
    return new Prepared(buffer, name);
  }

  private int finish(@Move Prepared prepared) {
    int size = prepared.size();
    log.add(prepared.name());
    return switch (prepared) {
      case Prepared(CpuBuffer buffer, _) -> size + judge(Outcome.of(buffer));
    };
  }

  private int judge(@Move Outcome outcome) {
    if (outcome instanceof Outcome.Done(CpuBuffer buffer, int length) && length < 100) {
      int head = buffer.read(0);
      buffer.free();
      return head + length;
    } else if (outcome instanceof Outcome.Failed(CpuBuffer buffer, String reason)) {
      log.add(reason);
      buffer.free();
      return -5;
    } else {
      return retry(outcome);
    }
  }

  private int retry(@Move Outcome outcome) {
    switch (outcome) {
      case Outcome.Done(CpuBuffer b, int n) -> b.free();
      case Outcome.Failed(CpuBuffer b, String why) -> queue.submit(b.toDevice());
    }
    return -11;
  }

  int registers(int address) {
    try (Mapping control = Mapping.open(address);
        Mapping status = Mapping.open(address + 4)) {
      control.write(0, 1);
      int sum = 0;
      outer:
      for (int i = 0; i < 4; i++) {
        for (int j = 0; j < 4; j++) {
          if (status.read(i + j) == 7) {
            break outer;
          }
          sum += status.read(j);
        }
      }
      return sum;
    }
  }

  boolean several(int count) throws IoError {
    CpuBuffer last = null;
    boolean sent = false;
    for (int i = 0; i < count; i++) {
      if (last != null) {
        last.free();
      }
      last = CpuBuffer.allocate(i + 1);
    }
    if (last != null && !queue.isFull()) {
      queue.submitOrFail(last.toDevice());
      sent = true;
    } else {
      end(last);
    }
    return sent;
  }

  private static void end(@Move @Nullable CpuBuffer buffer) {
    if (buffer != null) {
      buffer.free();
    }
  }
}
