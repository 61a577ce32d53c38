package orrery.driver.nvme;

import orrery.ownership.OutOfRangeException;
import orrery.ownership.Range;
import orrery.ownership.Untrusted;

/**
 * The command slots of a queue. A command's identifier is its slot and, above it, how often the
 * slot was used, so that a completion that comes late or twice does not end the slot's next
 * command. Time is counted in ticks of the driver's timer; nothing allocates.
 */
final class CommandSlots {
  /** No slot. */
  static final int NONE = -1;

  /** A deadline that never comes. */
  static final int NEVER = Integer.MAX_VALUE;

  private static final int SLOT_BITS = 10;
  private static final int SLOT_MASK = (1 << SLOT_BITS) - 1;
  private static final int GENERATION_MASK = (1 << Short.SIZE - SLOT_BITS) - 1;
  private static final int ID_MAX = 0xffff;

  /** The most slots of a queue. */
  static final int MAX = 1 << SLOT_BITS;

  /** Slots that are free, a stack. */
  private final int[] free;

  private final int[] generation;
  private final boolean[] issued;
  private final boolean[] aborted;
  private final int[] due;
  private int freeCount;
  private int timed;

  CommandSlots(int count) {
    free = new int[count];
    generation = new int[count];
    issued = new boolean[count];
    aborted = new boolean[count];
    due = new int[count];
    for (int i = 0; i < count; i++) {
      free[i] = count - 1 - i;
    }
    freeCount = count;
  }

  int count() {
    return free.length;
  }

  /** Whether there is a free slot. */
  boolean hasRoom() {
    return freeCount > 0;
  }

  /** Takes a slot; {@link #NONE} if there is none. */
  int claim() {
    return freeCount == 0 ? NONE : free[--freeCount];
  }

  /** Gives a slot back whose command is over. */
  void release(int slot) {
    free[freeCount++] = slot;
  }

  /**
   * A command goes to the device.
   *
   * @param deadline the tick at which it is late, or {@link #NEVER}
   * @return its identifier
   */
  int issue(int slot, int deadline) {
    generation[slot] = generation[slot] + 1 & GENERATION_MASK;
    issued[slot] = true;
    aborted[slot] = false;
    due[slot] = deadline;
    if (deadline != NEVER) {
      timed++;
    }
    return id(slot);
  }

  /** The identifier of the slot's command. */
  int id(int slot) {
    return generation[slot] << SLOT_BITS | slot;
  }

  /** Whether the slot's command is with the device. */
  boolean isIssued(int slot) {
    return issued[slot];
  }

  /**
   * The device has completed a command, or will not any more.
   *
   * @return its slot
   * @throws OutOfRangeException if it has no such command
   */
  int complete(@Untrusted int id) throws OutOfRangeException {
    int checked = Range.between(id, 0, ID_MAX);
    int slot = Range.index(checked & SLOT_MASK, free.length);
    Range.between(checked, id(slot), issued[slot] ? id(slot) : NONE);
    forget(slot);
    return slot;
  }

  /** The device does not have the slot's command any more. */
  void forget(int slot) {
    if (issued[slot]) {
      issued[slot] = false;
      if (due[slot] != NEVER) {
        timed--;
      }
    }
  }

  /** How many commands with a deadline the device has. */
  int timed() {
    return timed;
  }

  /** The first slot from {@code from} on whose command is late; {@link #NONE} if none is. */
  int late(int from, int tick) {
    for (int i = from; i < issued.length; i++) {
      if (issued[i] && due[i] - tick <= 0 && due[i] != NEVER) {
        return i;
      }
    }
    return NONE;
  }

  /** Whether the device was already asked to abort the slot's command. */
  boolean isAborted(int slot) {
    return aborted[slot];
  }

  /** The slot's command gets more time. */
  void extend(int slot, int deadline) {
    due[slot] = deadline;
  }

  /** The device is asked to abort the slot's command; it gets until {@code deadline} for that. */
  void abort(int slot, int deadline) {
    aborted[slot] = true;
    due[slot] = deadline;
  }
}
