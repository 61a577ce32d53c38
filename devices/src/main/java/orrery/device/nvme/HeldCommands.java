package orrery.device.nvme;

import java.util.List;
import orrery.device.nvme.NvmeState.HeldCommand;

/**
 * Commands that were executed, or given up, and whose completion is not posted yet: because a fault
 * delays or drops it, or because the completion queue was full.
 */
final class HeldCommands {
  private final NvmeState state;

  /** Posts a completion. */
  interface Completer {
    /** Whether there was room. */
    boolean complete(HeldCommand command);
  }

  private Completer completer;

  HeldCommands(NvmeState state) {
    this.state = state;
  }

  void completer(Completer to) {
    completer = to;
  }

  boolean isEmpty() {
    return state.held.isEmpty();
  }

  /** Whether a command of that queue and identifier is held. */
  boolean contains(int submission, int command) {
    return find(submission, command) != null;
  }

  private HeldCommand find(int submission, int command) {
    for (HeldCommand one : state.held) {
      if (one.submissionId == submission && one.commandId == command) {
        return one;
      }
    }
    return null;
  }

  /** Gives a command up; whether there was one to give up. */
  boolean abort(int submission, int command, long now) {
    HeldCommand one = find(submission, command);
    if (one == null || one.due <= now) {
      return false;
    }
    one.status = Status.ABORT_REQUESTED;
    one.due = now;
    post(now);
    return true;
  }

  /** A submission queue is deleted: its commands are given up. */
  void abortAll(int submission) {
    for (HeldCommand one : state.held) {
      if (one.submissionId == submission) {
        one.status = Status.ABORTED_QUEUE_DELETED;
        one.due = Long.MIN_VALUE;
      }
    }
    post(Long.MIN_VALUE);
  }

  /** A completion queue is deleted. */
  void forget(CompletionQueue queue) {
    state.held.removeIf(one -> one.completion == queue);
  }

  /** Posts what is due and has room; returns the earliest other time, or that of never. */
  long post(long now) {
    long next = Long.MAX_VALUE;
    List<HeldCommand> held = state.held;
    for (int i = 0; i < held.size(); ) {
      HeldCommand one = held.get(i);
      if (one.due <= now && completer.complete(one)) {
        held.remove(i);
      } else {
        next = one.due > now ? Math.min(next, one.due) : next;
        i++;
      }
    }
    return next;
  }
}
