package orrery.device.nvme;

/** A completion queue; the admin queue has identifier 0. */
final class CompletionQueue {
  final int id;
  final long base;
  final int entries;
  final int vector;
  final boolean interrupts;

  /** How many submission queues complete here. */
  int users;

  /** The entry that the host looks at next. */
  int head;

  /** The entry to fill next. */
  int tail;

  /** Phase tag of the entries of this round. */
  boolean phase = true;

  /** Entries were posted that no interrupt has told of. */
  boolean unsignalled;

  /** Entries were posted that the CPU was not told of, whose memory they are. */
  boolean untold;

  CompletionQueue(int id, long base, int entries, int vector, boolean interrupts) {
    this.id = id;
    this.base = base;
    this.entries = entries;
    this.vector = vector;
    this.interrupts = interrupts;
  }

  boolean isFull() {
    return (tail + 1 == entries ? 0 : tail + 1) == head;
  }

  boolean isEmpty() {
    return head == tail;
  }

  /** The address of the entry to fill; {@link #posted} once that is done. */
  long slot() {
    return base + (long) tail * RegisterMap.COMPLETION_SIZE;
  }

  void posted() {
    if (++tail == entries) {
      tail = 0;
      phase = !phase;
    }
    unsignalled = true;
    untold = true;
  }

  /** How many entries can be filled. */
  int room() {
    return entries - 1 - used();
  }

  /** How many entries the host has not seen. */
  int used() {
    return tail >= head ? tail - head : tail - head + entries;
  }
}
