package good;

import java.util.ArrayList;
import java.util.List;
import lib.CpuBuffer;
import lib.Device;
import lib.DeviceBuffer;
import lib.IoError;
import lib.Queue;
import orrery.ownership.Borrow;
import orrery.ownership.MaySleep;
import orrery.ownership.Move;
import orrery.ownership.Nullable;
import orrery.ownership.OutOfRangeException;
import orrery.ownership.Owned;
import orrery.ownership.OwnedList;
import orrery.ownership.Range;
import orrery.ownership.SlotArray;

/** A disk: requests wait in a list, run in numbered slots and come back by their number. */
@Owned
final class BlockDriver {
  private static final int SLOTS = 8;
  private static final int SECTOR = 512;
  private static final int RETRIES = 3;

  /** What the file system asks for. */
  @Owned
  static final class Request {
    private final CpuBuffer data;
    private final long sector;
    private int attempts;

    Request(@Move CpuBuffer data, long sector) {
      this.data = data;
      this.sector = sector;
    }

    @Borrow
    CpuBuffer data() {
      return data;
    }

    boolean mayRetry() {
      return ++attempts < RETRIES;
    }

    @Move
    Running start() {
      return new Running(data.toDevice(), sector, attempts);
    }

    @Move
    void end(List<String> log, String how) {
      log.add(how + " " + sector);
      data.free();
    }
  }

  /** A request while the disk has its buffer. */
  @Owned
  record Running(DeviceBuffer buffer, long sector, int attempts) {
    @Move
    Request finish() {
      Request request = new Request(buffer.complete(), sector);
      request.attempts = attempts;
      return request;
    }
  }

  private final Device device;
  private final Queue queue;
  private final SlotArray<Running> running = new SlotArray<>(SLOTS);
  private final OwnedList<Request> waiting = new OwnedList<>();
  private final List<String> log = new ArrayList<>();
  private boolean stopped;

  BlockDriver(Device device, Queue queue) {
    this.device = device;
    this.queue = queue;
  }

  void submit(@Move Request request) {
    if (stopped) {
      request.end(log, "refused");
      return;
    }
    waiting.addLast(request);
    startAll();
  }

  private void startAll() {
    for (int slot = 0; slot < SLOTS; slot++) {
      if (!running.isEmpty(slot)) {
        continue;
      }
      Request next = waiting.removeFirst();
      if (next == null) {
        return;
      }
      next.data().write(0, slot);
      running.put(slot, next.start());
    }
  }

  /** The disk says which slot is done, and may lie. */
  void complete() {
    int slot;
    try {
      slot = Range.index(device.length(), SLOTS);
    } catch (OutOfRangeException e) {
      log.add("no such slot");
      return;
    }
    Running done = running.take(slot);
    if (done == null) {
      log.add("slot " + slot + " was idle");
      return;
    }
    Request request = done.finish();
    int status = request.data().read(0);
    switch (status) {
      case 0 -> request.end(log, "done");
      case 1, 2 -> {
        if (request.mayRetry()) {
          waiting.addLast(request);
        } else {
          request.end(log, "failed");
        }
      }
      default -> request.end(log, "status " + status);
    }
    startAll();
  }

  @Nullable
  private Request oldest(long before) {
    if (waiting.isEmpty() || waiting.first().sector >= before) {
      return null;
    }
    return waiting.removeFirst();
  }

  int cancel(long before) {
    int count = 0;
    Request each;
    while ((each = oldest(before)) != null) {
      each.end(log, "cancelled");
      count++;
    }
    return count;
  }

  @MaySleep
  void reset() throws IoError {
    stopped = true;
    try {
      queue.waitIdle();
      queue.ring();
    } finally {
      running.drain(r -> r.finish().end(log, "lost"));
      stopped = false;
    }
  }

  static long sectors(long bytes) {
    return (bytes + SECTOR - 1) / SECTOR;
  }

  @Move
  List<String> remove() {
    running.drain(
        r -> {
          Request request = r.finish();
          request.end(log, "removed");
        });
    running.close();
    waiting.drain(r -> r.end(log, "removed"));
    waiting.close();
    return List.copyOf(log);
  }
}
