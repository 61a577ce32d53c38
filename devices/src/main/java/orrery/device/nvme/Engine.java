package orrery.device.nvme;

import java.time.Duration;
import java.util.function.LongSupplier;
import orrery.machine.clock.Alarm;
import orrery.machine.dma.DmaFault;
import orrery.machine.dma.DmaPort;
import orrery.machine.fault.Fault;
import orrery.machine.fault.FaultPlan;

/**
 * Fetches commands in turns of all submission queues (round robin with the arbitration burst; Base,
 * section 3.4.4), has them executed, and posts their completions. Runs on the vCPU's thread from a
 * doorbell until nothing is left that has room for its completion.
 */
final class Engine {
  /** Classes of requests in a fault plan. */
  static final int ADMIN = 0;

  static final int IO = 1;

  private static final int UNLIMITED_BURST = 7;

  private final NvmeState state;
  private final Parts parts;
  private final Fetched fetched;
  private final Doorbells doorbells;
  private final Completions completions;
  private final ReadBatch batch;
  private final Request request;

  /** One of the batch. */
  private final Request read;

  private boolean running;

  /**
   * What the engine works with.
   *
   * @param admin the admin command set
   * @param nvm the NVM command set; sets of other namespaces would be chosen here
   * @param power what happens when a fault cuts it
   */
  record Parts(
      Namespace[] namespaces,
      CommandTable admin,
      CommandTable nvm,
      Interrupts interrupts,
      Fetched fetched,
      ReadBatch batch,
      Transfer transfer,
      AsyncEvents events,
      Surroundings surroundings,
      HeldCommands held,
      ErrorLog errors,
      Health health,
      FaultPlan faults,
      LongSupplier clock,
      Alarm alarm,
      Power power) {}

  /**
   * A loss of power.
   *
   * @param fails nothing is made durable any more
   * @param gone everything volatile is lost
   */
  record Power(Runnable fails, Runnable gone) {}

  Engine(NvmeState state, DmaPort dma, Parts parts) {
    this.state = state;
    fetched = parts.fetched;
    batch = parts.batch;
    request = new Request(fetched);
    read = new Request(fetched);
    this.parts = parts;
    doorbells = new Doorbells(state, dma);
    completions = new Completions(state, dma, doorbells, parts.interrupts, parts.held, parts.alarm);
    parts.events.completer(completions::completeEvent);
  }

  // ---- Doorbells ----

  /** The host has filled a submission queue up to {@code tail}. */
  void submissionDoorbell(int id, int tail) {
    SubmissionQueue queue = state.submission[id];
    if (queue == null) {
      wrongDoorbell(id, AsyncEvents.INVALID_DOORBELL);
    } else if (tail >= queue.entries) {
      wrongDoorbell(id, AsyncEvents.INVALID_DOORBELL_VALUE);
    } else {
      queue.tail = tail;
      setReady(queue);
      run();
    }
  }

  /** The host has seen a completion queue up to {@code head}. */
  void completionDoorbell(int id, int head) {
    CompletionQueue queue = state.completion[id];
    if (queue == null) {
      wrongDoorbell(id, AsyncEvents.INVALID_DOORBELL);
    } else if (!Doorbells.consume(queue, head)) {
      wrongDoorbell(id, AsyncEvents.INVALID_DOORBELL_VALUE);
    } else {
      run();
      parts.interrupts.updatePin();
    }
  }

  private void wrongDoorbell(int queue, int information) {
    parts.errors.failed(queue, Status.INVALID_FIELD);
    parts.events.happened(AsyncEvents.TYPE_ERROR, information, LogPages.ERRORS);
    completions.tellAdmin();
  }

  private void setReady(SubmissionQueue queue) {
    if (queue.id == 0) {
      state.adminReady = true;
    } else {
      state.ready |= 1L << queue.id - 1;
    }
  }

  // ---- Arbitration ----

  /** Works until nothing can be done. */
  private void run() {
    if (running || !state.isReady()) {
      return;
    }
    running = true;
    long start = parts.clock.getAsLong();
    try {
      if (!parts.held.isEmpty()) {
        completions.postHeld(start);
      }
      if (state.eventCount != 0) {
        parts.events.deliver();
        completions.tellAdmin();
      }
      boolean worked;
      do {
        worked = serveAll();
      } while (worked);
    } catch (DmaFault e) {
      fatal(); // a queue, not data, is out of reach (Base, section 9.5)
    } finally {
      running = false;
    }
    parts.health.busyNanos += parts.clock.getAsLong() - start;
  }

  /** A turn for every queue with work; whether any had a command. */
  private boolean serveAll() {
    boolean worked = false;
    if (state.adminReady && state.isReady()) {
      worked = serve(state.submission[0]);
    }
    int first = state.turn;
    for (int i = 0; i < RegisterMap.IO_QUEUES && state.ready != 0; i++) {
      int id = (first - 1 + i) % RegisterMap.IO_QUEUES + 1;
      if ((state.ready & 1L << id - 1) != 0 && state.isReady()) {
        worked |= serve(state.submission[id]);
        state.turn = id % RegisterMap.IO_QUEUES + 1;
      }
    }
    return worked && state.isReady();
  }

  /** One burst of a queue; whether there was a command. */
  private boolean serve(SubmissionQueue queue) {
    int burst = state.features.arbitration & UNLIMITED_BURST;
    int limit = burst == UNLIMITED_BURST ? Integer.MAX_VALUE : 1 << burst;
    int done = 0;
    fetched.begin(limit);
    batch.begin(parts.faults.isEmpty());
    try {
      while (done < limit
          && state.isReady()
          && hasWork(queue)
          && completions.hasRoom(queue.completion, batch.count())) {
        execute(queue);
        done++;
      }
      endBatch(queue);
    } catch (DmaFault e) {
      endBatch(queue); // the next command is out of reach
      throw e;
    } finally {
      completions.tellCpu(queue.completion);
    }
    // The queue may be gone: its deletion is a command, too, but of the admin queue.
    completions.tell(queue.completion);
    return done > 0;
  }

  private boolean hasWork(SubmissionQueue queue) {
    if (queue.isEmpty()) {
      doorbells.refreshTail(queue);
      if (queue.isEmpty()) {
        if (queue.id == 0) {
          state.adminReady = false;
        } else {
          state.ready &= ~(1L << queue.id - 1);
        }
        return false;
      }
    }
    return true;
  }

  // ---- Execution ----

  private void execute(SubmissionQueue queue) {
    if (!fetched.hasAnother()) {
      endBatch(queue);
    }
    request.begin(queue);
    fetched.next(queue);
    if (batch.count() > 0 && request.opcode() != Opcode.READ) {
      endBatch(queue); // it may change what they read
    }
    Fault fault = parts.faults.isEmpty() ? null : fault();
    int status;
    switch (fault) {
      case null -> status = carryOut();
      case Fault.Status planned -> status = planned.status();
      case Fault.CorruptData corrupt -> status = corrupted(corrupt);
      case Fault.Fatal fatal -> {
        fatal();
        return;
      }
      case Fault.Unplug pulled -> {
        state.resetAll();
        state.dead = true;
        parts.interrupts.updatePin();
        return;
      }
      case Fault.PowerCut cut -> {
        parts.power.fails.run();
        carryOut(); // its blocks are in the cache then, as far as they got
        parts.power.gone.run();
        return;
      }
      case Fault.Event event -> {
        status = carryOut();
        parts.surroundings.happen(event);
        completions.tellAdmin();
      }
      default -> status = carryOut();
    }
    if (status != Status.PENDING && status != Status.PUT_OFF) {
      endBatch(queue);
      finish(request, status, fault);
    }
  }

  /** Completes the reads that were put off. */
  private void endBatch(SubmissionQueue queue) {
    int count = batch.count();
    if (count == 0) {
      return;
    }
    batch.copy();
    int place = fetched.place();
    for (int i = 0; i < count; i++) {
      fetched.go(batch.place(i));
      read.begin(queue);
      finish(read, batch.status(i), null);
    }
    fetched.go(place);
    batch.clear();
  }

  private int carryOut() {
    int id = request.id();
    boolean admin = request.queue.id == 0;
    if (!parts.held.isEmpty() && parts.held.contains(request.queue.id, id)
        || admin && parts.events.isOutstanding(id)) {
      return request.wrong(Status.COMMAND_ID_CONFLICT, Request.AT_ID);
    }
    try {
      if (!admin) {
        return parts.nvm.execute(request, parts.namespaces);
      }
      // Admin commands have PRPs only (Base, section 4.1.1).
      return request.pointerKind() == 0
          ? parts.admin.execute(request, parts.namespaces)
          : request.invalid(Request.AT_FLAGS);
    } catch (DmaFault e) {
      return Status.DATA_TRANSFER_ERROR;
    }
  }

  private void finish(Request ended, int planned, Fault fault) {
    int status = planned;
    if (status != Status.SUCCESS) {
      parts.errors.failed(ended, status);
      status |= Status.MORE;
      if ((status >>> Byte.SIZE & 7) == 2 && (status & 0xff) != (Status.COMPARE_FAILURE & 0xff)) {
        parts.health.mediaErrors++;
      }
    }
    if (fault instanceof Fault.DropCompletion) {
      completions.hold(ended, status, Long.MAX_VALUE);
    } else if (fault instanceof Fault.Delay(Duration time)) {
      completions.hold(ended, status, parts.clock.getAsLong() + time.toNanos());
    } else {
      boolean told = !ended.queue.completion.unsignalled;
      completions.post(ended, status);
      if (fault instanceof Fault.LoseInterrupt && told) {
        ended.queue.completion.unsignalled = false;
      }
    }
  }

  // ---- Faults ----

  private Fault fault() {
    boolean admin = request.queue.id == 0;
    long first = 0;
    long last = 0;
    if (!admin && hasBlocks(request.opcode())) {
      first = Math.max(0, NvmCommands.firstBlock(request));
      last = first + NvmCommands.blockCount(request) - 1;
    }
    return parts.faults.next(
        admin ? ADMIN : IO, request.opcode(), request.namespaceId(), first, Math.max(first, last));
  }

  /** Whether an I/O command names a first block and a number of them. */
  static boolean hasBlocks(int opcode) {
    return switch (opcode) {
      case Opcode.READ, Opcode.WRITE, Opcode.COMPARE, Opcode.VERIFY, Opcode.WRITE_ZEROES -> true;
      default -> false;
    };
  }

  private int corrupted(Fault.CorruptData corrupt) {
    parts.transfer.corrupt(corrupt);
    try {
      return carryOut();
    } finally {
      parts.transfer.corrupt(null);
    }
  }

  /** Whether a command has data for the host. */
  static boolean givesData(boolean admin, int opcode) {
    return admin
        ? opcode == Opcode.IDENTIFY
            || opcode == Opcode.GET_LOG_PAGE
            || opcode == Opcode.GET_FEATURES
        : opcode == Opcode.READ;
  }

  /** The controller has failed as a whole: CSTS.CFS, until it is reset. */
  void fatal() {
    state.status |= RegisterMap.CSTS_FATAL;
  }

  /** The timer's time has come. */
  void expire() {
    if (!state.isReady()) {
      return;
    }
    long now = parts.clock.getAsLong();
    try {
      completions.postHeld(now);
    } catch (DmaFault e) {
      fatal();
    }
    parts.interrupts.expire(now);
  }
}
