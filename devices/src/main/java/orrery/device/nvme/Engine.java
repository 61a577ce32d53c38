package orrery.device.nvme;

import java.time.Duration;
import java.util.function.LongSupplier;
import orrery.device.nvme.NvmeState.HeldCommand;
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
  private static final int STATUS_SHIFT = 17;
  private static final int PHASE_SHIFT = 16;
  private static final long UNSIGNED = 0xffff_ffffL;
  private static final long LOW_16 = 0xffff;

  private final NvmeState state;
  private final Parts parts;
  private final DmaPort dma;
  private final Request request = new Request();
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
      AsyncEvents events,
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
    this.dma = dma;
    this.parts = parts;
    parts.events.completer(this::completeEvent);
    parts.held.completer(this::completeHeld);
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
    } else if (!consume(queue, head)) {
      wrongDoorbell(id, AsyncEvents.INVALID_DOORBELL_VALUE);
    } else {
      run();
      parts.interrupts.updatePin();
    }
  }

  /** Whether the host may have seen so much: not more than was posted. */
  private static boolean consume(CompletionQueue queue, int head) {
    if (head >= queue.entries) {
      return false;
    }
    int seen = head >= queue.head ? head - queue.head : head - queue.head + queue.entries;
    if (seen > queue.used()) {
      return false;
    }
    queue.head = head;
    return true;
  }

  private void wrongDoorbell(int queue, int information) {
    parts.errors.failed(queue, Status.INVALID_FIELD);
    parts.events.happened(AsyncEvents.TYPE_ERROR, information, LogPages.ERRORS);
    signalAdmin();
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
        postHeld(start);
      }
      if (state.eventCount != 0) {
        parts.events.deliver();
        signalAdmin();
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
    while (done < limit && state.isReady() && hasWork(queue) && hasRoom(queue.completion)) {
      execute(queue);
      done++;
    }
    // The queue may be gone: its deletion is a command, too, but of the admin queue.
    tell(queue.completion);
    return done > 0;
  }

  private boolean hasWork(SubmissionQueue queue) {
    if (queue.isEmpty()) {
      refreshTail(queue);
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

  /** Reads the shadow doorbell, after saying from where on the doorbell itself is needed again. */
  private void refreshTail(SubmissionQueue queue) {
    if (state.shadowDoorbells == 0 || queue.id == 0) {
      return;
    }
    long at = 2L * queue.id * Integer.BYTES;
    dma.writeInt(state.eventIndices + at, queue.tail);
    DmaPort.barrier();
    int tail = dma.readInt(state.shadowDoorbells + at);
    if (tail >= 0 && tail < queue.entries) {
      queue.tail = tail;
    }
  }

  private boolean hasRoom(CompletionQueue queue) {
    if (queue.isFull()) {
      refreshHead(queue);
    }
    return !queue.isFull();
  }

  private void refreshHead(CompletionQueue queue) {
    if (state.shadowDoorbells == 0 || queue.id == 0) {
      return;
    }
    long at = (2L * queue.id + 1) * Integer.BYTES;
    int asked;
    do {
      asked = queue.head;
      dma.writeInt(state.eventIndices + at, asked);
      DmaPort.barrier();
      consume(queue, dma.readInt(state.shadowDoorbells + at) & Integer.MAX_VALUE);
    } while (queue.head != asked && !queue.isEmpty());
  }

  // ---- Execution ----

  private void execute(SubmissionQueue queue) {
    request.begin(queue);
    dma.read(queue.fetch(), request.entry, 0, RegisterMap.SUBMISSION_SIZE);
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
      default -> status = carryOut();
    }
    if (status != Status.PENDING) {
      finish(queue, status, fault);
    }
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

  private void finish(SubmissionQueue queue, int planned, Fault fault) {
    int status = planned;
    if (status != Status.SUCCESS) {
      parts.errors.failed(request, status);
      status |= Status.MORE;
      if ((status >>> Byte.SIZE & 7) == 2 && (status & 0xff) != (Status.COMPARE_FAILURE & 0xff)) {
        parts.health.mediaErrors++;
      }
    }
    if (fault instanceof Fault.DropCompletion) {
      hold(queue, status, Long.MAX_VALUE);
    } else if (fault instanceof Fault.Delay(Duration time)) {
      long due = parts.clock.getAsLong() + time.toNanos();
      hold(queue, status, due);
      parts.alarm.setNoLater(due);
    } else {
      // An Abort may have filled the last place.
      if (queue.completion.isFull()) {
        hold(queue, status, Long.MIN_VALUE);
        return;
      }
      boolean told = !queue.completion.unsignalled;
      post(
          queue.completion,
          request.result,
          request.result2,
          queue.head | queue.id << Short.SIZE,
          request.id(),
          status);
      if (fault instanceof Fault.LoseInterrupt && told) {
        queue.completion.unsignalled = false;
      }
    }
  }

  private void hold(SubmissionQueue queue, int status, long due) {
    HeldCommand held = new HeldCommand();
    held.submissionId = queue.id;
    held.submissionHead = queue.head;
    held.commandId = request.id();
    held.completion = queue.completion;
    held.status = status;
    held.result = request.result;
    held.result2 = request.result2;
    held.due = due;
    state.held.add(held);
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

  /** A read's byte changes after the transfer, a write's before it and is put right after. */
  private int corrupted(Fault.CorruptData corrupt) {
    boolean writes = request.queue.id != 0 && request.opcode() == Opcode.WRITE;
    if (writes) {
      return corruptedWrite(corrupt);
    }
    int status = carryOut();
    if (status == Status.SUCCESS && givesData(request.queue.id == 0, request.opcode())) {
      flip(corrupt);
    }
    return status;
  }

  /** Whether a command has data for the host. */
  static boolean givesData(boolean admin, int opcode) {
    return admin
        ? opcode == Opcode.IDENTIFY
            || opcode == Opcode.GET_LOG_PAGE
            || opcode == Opcode.GET_FEATURES
        : opcode == Opcode.READ;
  }

  private int corruptedWrite(Fault.CorruptData corrupt) {
    // Maps the data by executing, flips the guest's byte, writes again, and flips it back.
    int status = carryOut();
    if (status == Status.SUCCESS) {
      flip(corrupt);
      status = carryOut();
      flip(corrupt);
    }
    return status;
  }

  private void flip(Fault.CorruptData corrupt) {
    Extents extents = request.extents;
    if (extents.total() == 0) {
      return;
    }
    long at = corrupt.offset() % extents.total();
    for (int i = 0; i < extents.count(); i++) {
      if (at < extents.length(i)) {
        if (extents.address(i) != Extents.BUCKET) {
          long address = extents.address(i) + at;
          dma.writeByte(address, (byte) (dma.readByte(address) ^ corrupt.flipped()));
        }
        return;
      }
      at -= extents.length(i);
    }
  }

  /** The controller has failed as a whole: CSTS.CFS, until it is reset. */
  void fatal() {
    state.status |= RegisterMap.CSTS_FATAL;
  }

  // ---- Completions ----

  private void post(
      CompletionQueue queue, int result, int result2, int origin, int command, int status) {
    long slot = queue.slot();
    int phase = queue.phase ? 1 << PHASE_SHIFT : 0;
    dma.writeLongs(
        slot,
        result & UNSIGNED | (long) result2 << Integer.SIZE,
        origin & UNSIGNED
            | (command & LOW_16 | phase | (long) status << STATUS_SHIFT) << Integer.SIZE);
    queue.posted();
  }

  /** Tells the host of what was posted; asks for the doorbell where its head decides how. */
  private void tell(CompletionQueue queue) {
    if (parts.interrupts.dependOnHeads()) {
      refreshHead(queue);
    }
    parts.interrupts.signal(queue);
  }

  private boolean completeHeld(HeldCommand held) {
    if (!hasRoom(held.completion)) {
      return false;
    }
    post(
        held.completion,
        held.result,
        held.result2,
        held.submissionHead | held.submissionId << Short.SIZE,
        held.commandId,
        held.status);
    tell(held.completion);
    return true;
  }

  private boolean completeEvent(int command, int result) {
    CompletionQueue queue = state.completion[0];
    SubmissionQueue submission = state.submission[0];
    if (queue == null || submission == null || queue.isFull() || !state.isReady()) {
      return false;
    }
    try {
      post(queue, result, 0, submission.head, command, Status.SUCCESS);
    } catch (DmaFault e) {
      fatal();
      return false;
    }
    return true;
  }

  private void signalAdmin() {
    if (state.completion[0] != null) {
      parts.interrupts.signal(state.completion[0]);
    }
  }

  private void postHeld(long now) {
    long next = parts.held.post(now);
    if (next != Long.MAX_VALUE) {
      parts.alarm.setNoLater(next);
    }
  }

  /** The timer's time has come. */
  void expire() {
    if (!state.isReady()) {
      return;
    }
    long now = parts.clock.getAsLong();
    try {
      postHeld(now);
    } catch (DmaFault e) {
      fatal();
    }
    parts.interrupts.expire(now);
  }
}
