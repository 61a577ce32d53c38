package orrery.driver.nvme;

import static orrery.driver.nvme.CommandSlots.NONE;

import orrery.kernel.block.BlockOperation;
import orrery.kernel.block.BlockRequest;
import orrery.kernel.block.BlockStatus;
import orrery.ownership.Borrow;
import orrery.ownership.Move;
import orrery.ownership.Owned;
import orrery.ownership.OwnedList;
import orrery.ownership.SlotArray;

/**
 * The I/O queue pair of one CPU: block requests in command slots, and programs' own commands beside
 * them. A request stays in its slot from its submission to its end, whatever happens to the
 * controller meanwhile.
 */
@Owned
final class IoQueue {
  /** Instead of a vector: the queue is looked at and does not interrupt. */
  static final int POLLED = -1;

  /** How often a request is issued again (Linux: nvme_core.max_retries). */
  private static final int MAX_RETRIES = 5;

  private static final int FORCE_UNIT_ACCESS = 1 << 30;
  private static final int DEALLOCATE = 1 << 2;

  private final QueuePair pair;
  private final PageLists lists;
  private final SlotArray<BlockRequest> requests;
  private final OwnedList<BlockRequest> waiting = new OwnedList<>();
  private final int[] retries;
  private final Command[] commands;
  private final int vector;
  private final int patience;

  /** False while the controller is being reset: requests wait in their slots. */
  private boolean running;

  private int tick;

  /**
   * A queue that is not running.
   *
   * @param vector its interrupt, or {@link #POLLED}
   * @param patience ticks until a request is late
   */
  IoQueue(@Move QueuePair pair, @Move PageLists lists, int vector, int patience) {
    int slots = pair.slots().count();
    this.vector = vector;
    this.patience = patience;
    requests = new SlotArray<>(slots);
    retries = new int[slots];
    commands = new Command[slots];
    this.pair = pair;
    this.lists = lists;
  }

  @Borrow
  QueuePair pair() {
    return pair;
  }

  int vector() {
    return vector;
  }

  /** Whether requests may have SGLs. */
  void useSgl(boolean known) {
    lists.useSgl(known);
  }

  // ---- Submission ----

  /** Takes a request; {@link #ring} tells the device. */
  void submit(@Move BlockRequest request) {
    int slot = pair.slots().claim();
    if (slot == NONE) {
      waiting.addLast(request);
      return;
    }
    retries[slot] = 0;
    if (running) {
      issue(slot, request);
    }
    requests.put(slot, request);
  }

  /**
   * Takes a program's command and tells the device.
   *
   * @return whether there was room
   */
  boolean submit(Command command, int deadline) {
    if (!running) {
      return false;
    }
    int slot = pair.slots().claim();
    if (slot == NONE) {
      return false;
    }
    commands[slot] = command;
    pair.put(slot, command, deadline);
    pair.ring();
    return true;
  }

  /** Tells the device of new requests. */
  void ring() {
    pair.ring();
  }

  private void issue(int slot, BlockRequest request) {
    BlockOperation operation = request.operation();
    if (operation == BlockOperation.READ) {
      transfer(slot, Opcode.READ, request, 0);
    } else if (operation == BlockOperation.WRITE) {
      transfer(slot, Opcode.WRITE, request, request.isForced() ? FORCE_UNIT_ACCESS : 0);
    } else {
      control(slot, operation, request);
    }
  }

  private void transfer(int slot, int opcode, BlockRequest request, int dword12) {
    int flags = opcode;
    long data1 = request.page(0) + request.offset();
    long data2 = 0;
    if (request.pages() > 1) {
      flags |= lists.describe(slot, request);
      data1 = lists.data1();
      data2 = lists.data2();
    }
    pair.put(
        slot,
        flags,
        request.disk(),
        data1,
        data2,
        request.block(),
        dword12 | (int) request.blocks() - 1,
        tick + patience);
  }

  private void control(int slot, BlockOperation operation, BlockRequest request) {
    int opcode = Opcode.FLUSH;
    long dwords10 = 0;
    int dword12 = 0;
    long data1 = 0;
    long data2 = 0;
    if (operation == BlockOperation.WRITE_ZEROES) {
      opcode = Opcode.WRITE_ZEROES;
      dwords10 = request.block();
      dword12 = (int) request.blocks() - 1;
    } else if (operation == BlockOperation.DISCARD) {
      opcode = Opcode.DATASET_MANAGEMENT;
      lists.range(slot, request.block(), request.blocks());
      data1 = lists.data1();
      data2 = lists.data2();
      dwords10 = SubmissionEntry.pair(0, DEALLOCATE); // one range
    }
    pair.put(slot, opcode, request.disk(), data1, data2, dwords10, dword12, tick + patience);
  }

  // ---- Completion ----

  /** Ends what the device has done. */
  void service() {
    int slot = pair.reap();
    if (slot == NONE) {
      return;
    }
    do {
      finish(slot, pair.status());
      slot = pair.reap();
    } while (slot != NONE);
    pair.acknowledge();
    pair.ring();
  }

  private void finish(int slot, int status) {
    if ((status & Status.CODE_MASK) == Status.SUCCESS) {
      BlockRequest done = requests.take(slot);
      if (done != null) {
        pair.slots().release(slot);
        done.complete(BlockStatus.OK);
        refill();
        return;
      }
    }
    finishOther(slot, status);
  }

  /** Ends a program's command, or a request that failed. */
  private void finishOther(int slot, int status) {
    Command command = commands[slot];
    if (command != null) {
      commands[slot] = null;
      pair.slots().release(slot);
      command.ended(status, pair.result(), pair.resultHigh());
    } else if ((status & Status.DO_NOT_RETRY) == 0 && retries[slot] < MAX_RETRIES) {
      retries[slot]++;
      issue(slot, requests.get(slot));
    } else {
      end(slot, Status.toBlockStatus(status));
    }
  }

  private void end(int slot, BlockStatus status) {
    BlockRequest done = requests.remove(slot);
    pair.slots().release(slot);
    done.complete(status);
    refill();
  }

  /** A slot is free. */
  private void refill() {
    if (!waiting.isEmpty()) {
      BlockRequest next = waiting.removeFirst();
      if (next != null) {
        submit(next);
      }
    }
  }

  // ---- When something goes wrong ----

  /** Time goes on. */
  void tick(int now) {
    tick = now;
  }

  /** The controller is about to be reset: nothing is issued, completions count for nothing. */
  void stop() {
    running = false;
  }

  /** Takes everything back from a controller that was stopped; requests stay in their slots. */
  void recall() {
    pair.restart();
    for (int slot = 0; slot < commands.length; slot++) {
      Command command = commands[slot];
      if (command != null) {
        commands[slot] = null;
        pair.slots().release(slot);
        command.ended(Status.HOST_ABORTED, 0, 0);
      }
    }
  }

  /**
   * The controller has been started anew: issues what is in the slots again. What was issued too
   * often fails.
   */
  void resume() {
    running = true;
    for (int slot = 0; slot < retries.length; slot++) {
      if (requests.isEmpty(slot)) {
        continue;
      }
      if (retries[slot]++ < MAX_RETRIES) {
        issue(slot, requests.get(slot));
      } else {
        end(slot, BlockStatus.IO_ERROR);
      }
    }
    pair.ring();
  }

  /** Ends every request; the device has none of them any more. */
  void failAll(BlockStatus status) {
    running = false;
    recall();
    waiting.drain(request -> request.complete(status));
    for (int slot = 0; slot < retries.length; slot++) {
      if (!requests.isEmpty(slot)) {
        end(slot, status);
      }
    }
  }

  /** Ends the queue, which has no requests any more. */
  @Move
  void close() {
    requests.drain(request -> request.complete(BlockStatus.OFFLINE));
    requests.close();
    waiting.drain(request -> request.complete(BlockStatus.OFFLINE));
    waiting.close();
    lists.close();
    pair.close();
  }
}
