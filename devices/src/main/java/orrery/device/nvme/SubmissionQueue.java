package orrery.device.nvme;

/** A submission queue; the admin queue has identifier 0. */
final class SubmissionQueue {
  final int id;
  final long base;
  final int entries;
  final CompletionQueue completion;

  /** The next entry to fetch. */
  int head;

  /** One past the last entry that the host has filled. */
  int tail;

  SubmissionQueue(int id, long base, int entries, CompletionQueue completion) {
    this.id = id;
    this.base = base;
    this.entries = entries;
    this.completion = completion;
  }

  boolean isEmpty() {
    return head == tail;
  }

  /** The address of the entry at the head. */
  long headAddress() {
    return base + (long) head * RegisterMap.SUBMISSION_SIZE;
  }

  /** The entry at the head was fetched. */
  void advance() {
    head = head + 1 == entries ? 0 : head + 1;
  }
}
