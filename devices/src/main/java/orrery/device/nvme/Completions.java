package orrery.device.nvme;

import orrery.device.nvme.NvmeState.HeldCommand;
import orrery.machine.clock.Alarm;
import orrery.machine.dma.DmaFault;
import orrery.machine.dma.DmaPort;

/** Posts completion queue entries (Base, section 4.2), at once or when they are due, and tells. */
final class Completions {
  private static final int STATUS_SHIFT = 17;
  private static final int PHASE_SHIFT = 16;
  private static final long UNSIGNED = 0xffff_ffffL;
  private static final long LOW_16 = 0xffff;

  private final NvmeState state;
  private final DmaPort dma;
  private final Doorbells doorbells;
  private final Interrupts interrupts;
  private final HeldCommands held;
  private final Alarm alarm;

  Completions(
      NvmeState state,
      DmaPort dma,
      Doorbells doorbells,
      Interrupts interrupts,
      HeldCommands held,
      Alarm alarm) {
    this.state = state;
    this.dma = dma;
    this.doorbells = doorbells;
    this.interrupts = interrupts;
    this.held = held;
    this.alarm = alarm;
    held.completer(this::completeHeld);
  }

  /**
   * Completes the command in execution, or puts it aside if its queue has been filled meanwhile.
   */
  void post(Request request, int status) {
    SubmissionQueue queue = request.queue;
    if (queue.completion.isFull()) {
      hold(request, status, Long.MIN_VALUE); // an Abort may have filled the last place
      return;
    }
    post(
        queue.completion,
        request.result,
        request.result2,
        queue.head | queue.id << Short.SIZE,
        request.id(),
        status);
  }

  /**
   * Puts a completion aside.
   *
   * @param due machine time in nanoseconds; {@link Long#MAX_VALUE} for never
   */
  void hold(Request request, int status, long due) {
    HeldCommand one = new HeldCommand();
    one.submissionId = request.queue.id;
    one.submissionHead = request.queue.head;
    one.commandId = request.id();
    one.completion = request.queue.completion;
    one.status = status;
    one.result = request.result;
    one.result2 = request.result2;
    one.due = due;
    state.held.add(one);
    if (due != Long.MAX_VALUE && due != Long.MIN_VALUE) {
      alarm.setNoLater(due);
    }
  }

  private void post(
      CompletionQueue queue, int result, int result2, int origin, int command, int status) {
    long slot = queue.slot();
    int phase = queue.phase ? 1 << PHASE_SHIFT : 0;
    dma.writeLongsUntold(
        slot,
        result & UNSIGNED | (long) result2 << Integer.SIZE,
        origin & UNSIGNED
            | (command & LOW_16 | phase | (long) status << STATUS_SHIFT) << Integer.SIZE);
    queue.posted();
  }

  /**
   * Whether one more can be posted.
   *
   * @param before how many are still to be posted before it
   */
  boolean hasRoom(CompletionQueue queue, int before) {
    if (queue.room() <= before) {
      doorbells.refreshHead(queue);
    }
    return queue.room() > before;
  }

  /** Tells the CPU, which may have had code where entries were posted since the last call. */
  void tellCpu(CompletionQueue queue) {
    if (queue.untold) {
      queue.untold = false;
      dma.told(queue.base, (long) queue.entries * RegisterMap.COMPLETION_SIZE);
    }
  }

  /** Tells the host of what was posted; asks for the doorbell where its head decides how. */
  void tell(CompletionQueue queue) {
    tellCpu(queue);
    if (interrupts.dependOnHeads()) {
      doorbells.refreshHead(queue);
    }
    interrupts.signal(queue);
  }

  /** The same for the admin queue, if there is one. */
  void tellAdmin() {
    if (state.completion[0] != null) {
      tellCpu(state.completion[0]);
      interrupts.signal(state.completion[0]);
    }
  }

  /** Posts what was put aside until now. */
  void postHeld(long now) {
    long next = held.post(now);
    if (next != Long.MAX_VALUE) {
      alarm.setNoLater(next);
    }
  }

  private boolean completeHeld(HeldCommand one) {
    if (!hasRoom(one.completion, 0)) {
      return false;
    }
    post(
        one.completion,
        one.result,
        one.result2,
        one.submissionHead | one.submissionId << Short.SIZE,
        one.commandId,
        one.status);
    tell(one.completion);
    return true;
  }

  /** Whether an event could be posted as the result of a request for one. */
  boolean completeEvent(int command, int result) {
    CompletionQueue queue = state.completion[0];
    SubmissionQueue submission = state.submission[0];
    if (queue == null || submission == null || queue.isFull() || !state.isReady()) {
      return false;
    }
    try {
      post(queue, result, 0, submission.head, command, Status.SUCCESS);
    } catch (DmaFault e) {
      state.status |= RegisterMap.CSTS_FATAL;
      return false;
    }
    return true;
  }
}
