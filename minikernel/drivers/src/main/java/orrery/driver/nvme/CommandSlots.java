package orrery.driver.nvme;

import orrery.ownership.OutOfRangeException;
import orrery.ownership.Range;
import orrery.ownership.Untrusted;

/**
 * The command slots of a queue. A command's identifier is its slot and, above it, how often the
 * slot was used, so that a completion that comes late or twice does not end the slot's next
 * command. Time is counted in ticks of the driver's timer; nothing allocates.
 *
 * <p>All that is known of a slot is one number, because every request reads and writes it.
 */
final class CommandSlots {
  /** No slot. */
  static final int NONE = -1;

  /** A deadline that never comes. */
  static final int NEVER = Integer.MAX_VALUE;

  private static final int SLOT_BITS = 10;
  private static final int SLOT_MASK = (1 << SLOT_BITS) - 1;
  private static final int GENERATION = 1 << SLOT_BITS;
  private static final int ID_MAX = 0xffff;

  /** The most slots of a queue. */
  static final int MAX = 1 << SLOT_BITS;

  // A slot's number: the deadline below, above it the identifier and what follows here.
  private static final int TAG_SHIFT = 32;
  private static final long DEADLINE_MASK = 0xffff_ffffL;

  /** The device has the command. */
  private static final int ISSUED = 1 << 16;

  /** The device was asked to abort it. */
  private static final int ABORTED = 1 << 17;

  /** Slots that are free, a stack. */
  private final int[] free;

  private final long[] slots;
  private int freeCount;
  private int timed;

  CommandSlots(int count) {
    free = new int[count];
    slots = new long[count];
    for (int i = 0; i < count; i++) {
      free[i] = count - 1 - i;
      slots[i] = (long) i << TAG_SHIFT;
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
    int id = tag(slot) + GENERATION & ID_MAX;
    set(slot, id | ISSUED, deadline);
    if (deadline != NEVER) {
      timed++;
    }
    return id;
  }

  private int tag(int slot) {
    return (int) (slots[slot] >>> TAG_SHIFT);
  }

  private int due(int slot) {
    return (int) slots[slot];
  }

  private void set(int slot, int tag, int deadline) {
    slots[slot] = (long) tag << TAG_SHIFT | deadline & DEADLINE_MASK;
  }

  /** The identifier of the slot's command. */
  int id(int slot) {
    return tag(slot) & ID_MAX;
  }

  /** Whether the slot's command is with the device. */
  boolean isIssued(int slot) {
    return (tag(slot) & ISSUED) != 0;
  }

  /**
   * The device has completed a command, or will not any more.
   *
   * @return its slot
   * @throws OutOfRangeException if it has no such command
   */
  int complete(@Untrusted int id) throws OutOfRangeException {
    int slot = Range.index(id & SLOT_MASK, free.length);
    int with = tag(slot) & ~ABORTED;
    Range.between(id | ISSUED, with, with);
    ended(slot);
    return slot;
  }

  /** The device does not have the slot's command any more. */
  void forget(int slot) {
    if (isIssued(slot)) {
      ended(slot);
    }
  }

  private void ended(int slot) {
    long known = slots[slot];
    if ((int) known != NEVER) {
      timed--;
    }
    slots[slot] = known & ~((long) (ISSUED | ABORTED) << TAG_SHIFT);
  }

  /** How many commands with a deadline the device has. */
  int timed() {
    return timed;
  }

  /** The first slot from {@code from} on whose command is late; {@link #NONE} if none is. */
  int late(int from, int tick) {
    for (int i = from; i < slots.length; i++) {
      if (isIssued(i) && due(i) - tick <= 0 && due(i) != NEVER) {
        return i;
      }
    }
    return NONE;
  }

  /** Whether the device was already asked to abort the slot's command. */
  boolean isAborted(int slot) {
    return (tag(slot) & ABORTED) != 0;
  }

  /** The slot's command gets more time. */
  void extend(int slot, int deadline) {
    set(slot, tag(slot), deadline);
  }

  /** The device is asked to abort the slot's command; it gets until {@code deadline} for that. */
  void abort(int slot, int deadline) {
    set(slot, tag(slot) | ABORTED, deadline);
  }
}
