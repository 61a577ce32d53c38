package orrery.driver.nvme;

import static orrery.driver.nvme.CommandSlots.NONE;

import orrery.kernel.device.Completion;
import orrery.kernel.hw.CpuBuffer;
import orrery.kernel.hw.IoMem;
import orrery.ownership.Borrow;
import orrery.ownership.MaySleep;
import orrery.ownership.Move;
import orrery.ownership.Owned;
import orrery.ownership.ProcessCtx;
import orrery.ownership.Slot;

/**
 * The admin queue pair: the driver's own commands, one at a time, of which probes and work wait in
 * place; requests for events and aborts, which nobody waits for; and programs' commands.
 */
@Owned
final class AdminQueue {
  static final int SUBMISSIONS = 64;

  /** Bytes of what Identify gives, and of the page that the driver's own commands use. */
  static final int PAGE = 4096;

  /** Requests for events that the controller has at most. */
  private static final int EVENTS = 4;

  private static final int ABORTS = 4;
  private static final int PENDING_EVENTS = 16;

  /** How long a command may take for which everything else waits. */
  private static final int PATIENCE_MILLIS = 10_000;

  private static final long MILLI = 1_000_000;

  // Feature identifiers (Base, section 5.27.1).
  private static final int NUMBER_OF_QUEUES = 0x07;
  private static final int EVENT_CONFIGURATION = 0x0b;

  // Queues (Base, sections 5.4 and 5.5).
  private static final int CONTIGUOUS = 1;
  private static final int INTERRUPTS = 1 << 1;

  private static final int LOW_16 = 0xffff;

  private final QueuePair pair;
  private final IoMem<ControllerRegisters> registers;
  private final Slot<CpuBuffer> page;
  private final Completion wake;
  private final Command own = new Command(Command.Kind.WAITED);
  private final Command[] running;
  private final Command[] events = new Command[EVENTS];
  private final Command[] aborts = new Command[ABORTS];
  private final int[] pending = new int[PENDING_EVENTS];
  private int pendingCount;

  /**
   * An empty queue.
   *
   * @param registers for a look at the controller's state while a command is under way
   */
  AdminQueue(
      @Move QueuePair pair,
      @Move IoMem<ControllerRegisters> registers,
      @Move CpuBuffer page,
      Completion wake) {
    this.wake = wake;
    running = new Command[pair.slots().count()];
    for (int i = 0; i < EVENTS; i++) {
      events[i] = new Command(Command.Kind.EVENT);
      events[i].begin(Opcode.ASYNC_EVENT_REQUEST, 0);
    }
    for (int i = 0; i < ABORTS; i++) {
      aborts[i] = new Command(Command.Kind.ABORT);
    }
    this.page = new Slot<>(page);
    this.registers = registers;
    this.pair = pair;
  }

  @Borrow
  QueuePair pair() {
    return pair;
  }

  /** What the last of the driver's own commands brought. */
  @Borrow
  CpuBuffer page() {
    return page.get();
  }

  // ---- Any command ----

  /**
   * Hands a command to the device.
   *
   * @param deadline the tick at which it is late
   * @return whether there was room
   */
  boolean submit(Command command, int deadline) {
    int slot = pair.slots().claim();
    if (slot == NONE) {
      return false;
    }
    running[slot] = command;
    pair.put(slot, command, deadline);
    pair.ring();
    return true;
  }

  /** Ends what the device has done. */
  void service() {
    int slot = pair.reap();
    if (slot == NONE) {
      return;
    }
    do {
      Command command = running[slot];
      running[slot] = null;
      pair.slots().release(slot);
      command.ended(pair.status(), pair.result(), pair.resultHigh());
      switch (command.kind) {
        case WAITED -> wake.complete();
        case EVENT -> happened(command);
        case ABORT -> {
          // Result or not: the aborted command's own completion counts, or its deadline.
        }
      }
      slot = pair.reap();
    } while (slot != NONE);
    pair.acknowledge();
  }

  /** Takes everything back from a controller that was stopped. */
  void recall() {
    pair.restart();
    for (int slot = 0; slot < running.length; slot++) {
      Command command = running[slot];
      if (command != null) {
        running[slot] = null;
        pair.slots().release(slot);
        command.ended(Status.HOST_ABORTED, 0, 0);
      }
    }
    takePageBack();
    pendingCount = 0;
  }

  // ---- Events (Base, section 5.2) ----

  /**
   * Asks for events.
   *
   * @param most how many requests the controller takes
   */
  void requestEvents(int most) {
    for (int i = 0; i < Math.min(most, EVENTS); i++) {
      if (!events[i].isUnderWay()) {
        submit(events[i], CommandSlots.NEVER);
      }
    }
  }

  private void happened(Command event) {
    if (event.status() == Status.SUCCESS && pendingCount < PENDING_EVENTS) {
      pending[pendingCount++] = event.result();
    }
  }

  /** Whether there are events that nobody has looked at. */
  boolean hasEvents() {
    return pendingCount > 0;
  }

  /** Takes the oldest event: dword 0 of its completion. */
  int nextEvent() {
    int first = pending[0];
    System.arraycopy(pending, 1, pending, 0, --pendingCount);
    return first;
  }

  // ---- Abort (Base, section 5.1) ----

  /**
   * Asks the controller to abort a command of a queue.
   *
   * @param most how many of these it takes at once
   * @return whether it was asked
   */
  boolean abort(QueuePair queue, int slot, int most, int deadline) {
    for (int i = 0; i < Math.min(most, ABORTS); i++) {
      Command abort = aborts[i];
      if (!abort.isUnderWay()) {
        abort.begin(Opcode.ABORT, 0);
        abort.dwords10 = SubmissionEntry.pair(queue.id() | queue.slots().id(slot) << Short.SIZE, 0);
        return submit(abort, deadline);
      }
    }
    return false;
  }

  // ---- The driver's own commands ----

  /** Runs {@link #own} and waits for it. */
  @MaySleep
  private void run(ProcessCtx ctx, String what) throws NvmeException {
    if (own.isUnderWay() || !submit(own, CommandSlots.NEVER)) {
      throw new NvmeException(what + ": the admin queue is stuck");
    }
    service();
    for (int waited = 0; own.isUnderWay() && waited < PATIENCE_MILLIS; waited++) {
      if ((registers.read(ControllerRegisters.CSTS) & ControllerRegisters.CSTS_CFS) != 0) {
        throw new NvmeException(what + ": the controller has failed");
      }
      wake.reset();
      wake.await(ctx, MILLI);
      service();
    }
    if (own.isUnderWay()) {
      throw new NvmeException(what + ": no answer in " + PATIENCE_MILLIS + " ms");
    }
    takePageBack();
    if (own.status() != Status.SUCCESS) {
      throw new NvmeException(what + ": status 0x" + Integer.toHexString(own.status()));
    }
  }

  /** Whether the driver's own command was not answered in time. */
  boolean isStuck() {
    return own.isUnderWay();
  }

  private void lendPage() {
    CpuBuffer here = page.take();
    if (here != null) {
      own.lend(here.toDevice());
    }
  }

  private void takePageBack() {
    CpuBuffer back = own.reclaim();
    if (back != null) {
      page.put(back);
    }
  }

  /** Identify (Base, section 5.17): the answer is in {@link #page}. */
  @MaySleep
  void identify(ProcessCtx ctx, int structure, int namespace) throws NvmeException {
    own.begin(Opcode.IDENTIFY, namespace);
    own.dwords10 = structure;
    lendPage();
    run(ctx, "Identify " + structure);
  }

  /**
   * Get Log Page (Base, section 5.16): the answer is in {@link #page}; an event of that page may
   * come again.
   *
   * @param bytes a multiple of 4 up to 4096
   */
  @MaySleep
  void logPage(ProcessCtx ctx, int log, int bytes) throws NvmeException {
    own.begin(Opcode.GET_LOG_PAGE, -1);
    own.dwords10 = SubmissionEntry.pair(log | bytes / Integer.BYTES - 1 << Short.SIZE, 0);
    lendPage();
    run(ctx, "Get Log Page " + log);
  }

  /**
   * Asks for I/O queues.
   *
   * @param wanted pairs
   * @return pairs granted, 1 or more
   */
  @MaySleep
  int requestQueues(ProcessCtx ctx, int wanted) throws NvmeException {
    own.begin(Opcode.SET_FEATURES, 0);
    own.dwords10 = SubmissionEntry.pair(NUMBER_OF_QUEUES, wanted - 1 | wanted - 1 << Short.SIZE);
    run(ctx, "Set Features Number of Queues");
    int submissions = (own.result() & LOW_16) + 1;
    int completions = (own.result() >>> Short.SIZE) + 1;
    return Math.min(wanted, Math.min(submissions, completions));
  }

  /** Says which events are wanted (Base, section 5.27.1.8). */
  @MaySleep
  void configureEvents(ProcessCtx ctx, int kinds) throws NvmeException {
    own.begin(Opcode.SET_FEATURES, 0);
    own.dwords10 = SubmissionEntry.pair(EVENT_CONFIGURATION, kinds);
    run(ctx, "Set Features Asynchronous Event Configuration");
  }

  /**
   * Creates an I/O queue pair.
   *
   * @param vector its interrupt, or {@link IoQueue#POLLED}
   */
  @MaySleep
  void create(ProcessCtx ctx, QueuePair queue, int vector) throws NvmeException {
    int interrupts = vector == IoQueue.POLLED ? 0 : INTERRUPTS | vector << Short.SIZE;
    own.begin(Opcode.CREATE_COMPLETION_QUEUE, 0);
    own.dwords10 =
        SubmissionEntry.pair(
            queue.id() | queue.completions() - 1 << Short.SIZE, CONTIGUOUS | interrupts);
    own.pointTo(queue.completionAddress());
    run(ctx, "Create I/O Completion Queue " + queue.id());
    own.begin(Opcode.CREATE_SUBMISSION_QUEUE, 0);
    own.dwords10 =
        SubmissionEntry.pair(
            queue.id() | queue.submissions() - 1 << Short.SIZE,
            CONTIGUOUS | queue.id() << Short.SIZE);
    own.pointTo(queue.submissionAddress());
    run(ctx, "Create I/O Submission Queue " + queue.id());
  }

  /** Deletes an I/O queue pair. */
  @MaySleep
  void delete(ProcessCtx ctx, QueuePair queue) throws NvmeException {
    own.begin(Opcode.DELETE_SUBMISSION_QUEUE, 0);
    own.dwords10 = queue.id();
    run(ctx, "Delete I/O Submission Queue " + queue.id());
    own.begin(Opcode.DELETE_COMPLETION_QUEUE, 0);
    own.dwords10 = queue.id();
    run(ctx, "Delete I/O Completion Queue " + queue.id());
  }

  /** Ends the queue; the controller was stopped. */
  @Move
  void close() {
    own.close();
    CpuBuffer left = page.take();
    if (left != null) {
      left.close();
    }
    page.close();
    registers.close();
    pair.close();
  }
}
