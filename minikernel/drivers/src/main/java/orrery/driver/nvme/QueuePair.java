package orrery.driver.nvme;

import static orrery.driver.nvme.CommandSlots.NONE;

import orrery.kernel.hw.Direction;
import orrery.kernel.hw.Dma;
import orrery.kernel.hw.IoMem;
import orrery.kernel.hw.Ring;
import orrery.ownership.Move;
import orrery.ownership.OutOfRangeException;
import orrery.ownership.Owned;
import orrery.ownership.Range;
import orrery.ownership.Untrusted;

/**
 * A submission queue, its completion queue and their doorbells (Base, section 3.3.1). The rings
 * stay the same when the controller is reset. What the device says is checked; a completion of a
 * command that it does not have is counted and passed over.
 */
@Owned
final class QueuePair {
  /** Entries of both rings at most: each then takes whole pages, as the device wants it. */
  static final int COMPLETIONS = 256;

  private static final int WORD_MAX = 0xffff;

  private final Ring<SubmissionEntry> submission;
  private final Ring<CompletionEntry> completion;
  private final IoMem<Doorbell> tailDoorbell;
  private final IoMem<Doorbell> headDoorbell;
  private final CommandSlots slots;
  private final int id;
  private final int submissions;
  private final int completions;

  private int tail;
  private int rungTail;
  private int head;
  private int rungHead;
  private int phase = CompletionEntry.PHASE;

  private int status;
  private long result;
  private long faults;

  /**
   * An empty pair.
   *
   * @param id its number, 0 for the admin queues
   * @param submissions entries of the submission queue; one less than that many commands are with
   *     the device at most
   * @param completions entries of the completion queue, as many at least
   */
  QueuePair(
      Dma dma,
      int id,
      int submissions,
      int completions,
      @Move IoMem<Doorbell> tailDoorbell,
      @Move IoMem<Doorbell> headDoorbell) {
    this.id = id;
    this.submissions = submissions;
    this.completions = completions;
    slots = new CommandSlots(submissions - 1);
    submission = dma.ring(SubmissionEntry.LAYOUT, COMPLETIONS, Direction.TO_DEVICE);
    completion = dma.ring(CompletionEntry.LAYOUT, COMPLETIONS, Direction.FROM_DEVICE);
    this.tailDoorbell = tailDoorbell;
    this.headDoorbell = headDoorbell;
  }

  int id() {
    return id;
  }

  CommandSlots slots() {
    return slots;
  }

  int submissions() {
    return submissions;
  }

  int completions() {
    return completions;
  }

  long submissionAddress() {
    return submission.address();
  }

  long completionAddress() {
    return completion.address();
  }

  /** How often the device said what cannot be. */
  long faults() {
    return faults;
  }

  /** Empties both rings for a controller that begins anew; commands are forgotten. */
  void restart() {
    tail = 0;
    rungTail = 0;
    head = 0;
    rungHead = 0;
    phase = CompletionEntry.PHASE;
    for (int i = 0; i < COMPLETIONS; i++) {
      completion.set(i, CompletionEntry.STATUS, 0);
    }
    for (int slot = 0; slot < slots.count(); slot++) {
      slots.forget(slot);
    }
  }

  // ---- Submission ----

  /**
   * Writes a command without metadata; {@link #ring} tells the device.
   *
   * @param slot a claimed slot
   * @param flags bits 15:0 of dword 0: opcode and kind of data pointer
   * @param deadline the tick at which it is late
   */
  void put(
      int slot,
      int flags,
      int namespace,
      long data1,
      long data2,
      long dwords10,
      long dwords12,
      int deadline) {
    int command = slots.issue(slot, deadline) << SubmissionEntry.ID_SHIFT | flags;
    int at = tail;
    submission.set(at, SubmissionEntry.COMMAND, SubmissionEntry.pair(command, namespace));
    submission.set(at, SubmissionEntry.DWORDS_2, 0);
    submission.set(at, SubmissionEntry.METADATA, 0);
    submission.set(at, SubmissionEntry.DATA_1, data1);
    submission.set(at, SubmissionEntry.DATA_2, data2);
    submission.set(at, SubmissionEntry.DWORDS_10, dwords10);
    submission.set(at, SubmissionEntry.DWORDS_12, dwords12);
    submission.set(at, SubmissionEntry.DWORDS_14, 0);
    tail = at + 1 == submissions ? 0 : at + 1;
  }

  /** As the other, for a command that sets every dword. */
  void put(int slot, Command command, int deadline) {
    int at = tail;
    put(
        slot,
        command.opcode,
        command.namespace,
        command.data1(),
        command.data2(),
        command.dwords10,
        command.dwords12,
        deadline);
    submission.set(at, SubmissionEntry.DWORDS_2, command.dwords2);
    submission.set(at, SubmissionEntry.DWORDS_14, command.dwords14);
    command.issued();
  }

  /** Tells the device of new commands, if there are any. */
  void ring() {
    if (tail != rungTail) {
      rungTail = tail;
      tailDoorbell.write(Doorbell.INDEX, tail);
    }
  }

  // ---- Completion ----

  /** Takes the next completion: the slot of its command, or {@link CommandSlots#NONE}. */
  int reap() {
    while (true) {
      try {
        int word = Range.between(completion.getAcquire(head, CompletionEntry.STATUS), 0, WORD_MAX);
        if ((word & CompletionEntry.PHASE) != phase) {
          return NONE;
        }
        int at = head;
        if (++head == completions) {
          head = 0;
          phase ^= CompletionEntry.PHASE;
        }
        status = word >>> CompletionEntry.STATUS_SHIFT;
        result = whole(completion.get(at, CompletionEntry.RESULT));
        return slots.complete(completion.get(at, CompletionEntry.ID));
      } catch (OutOfRangeException e) {
        faults++;
      }
    }
  }

  /** A number that may be any: it is a program's or is looked at bit by bit. */
  private static long whole(@Untrusted long value) throws OutOfRangeException {
    return Range.between(value, Long.MIN_VALUE, Long.MAX_VALUE);
  }

  /** Tells the device which completions were taken, if there are any. */
  void acknowledge() {
    if (head != rungHead) {
      rungHead = head;
      headDoorbell.write(Doorbell.INDEX, head);
    }
  }

  /** The status of the completion taken last, without phase tag. */
  int status() {
    return status;
  }

  /** Dword 0 of the completion taken last. */
  int result() {
    return (int) result;
  }

  /** Dword 1 of the completion taken last. */
  int resultHigh() {
    return (int) (result >>> Integer.SIZE);
  }

  /** Ends the pair; the device uses nothing of it any more. */
  @Move
  void close() {
    headDoorbell.close();
    tailDoorbell.close();
    completion.close();
    submission.close();
  }
}
