package orrery.kernel.task;

/** A thread's place in {@link FutexQueues}. */
abstract class FutexWaiter {
  FutexWaiter next;
  FutexWaiter previous;

  /** What {@link #address} is relative to: an address space, or null for physical memory. */
  Object space;

  long address;
  int bitset;
  boolean queued;

  /** The futex has woken it: the waiter has left its queue already. */
  protected abstract void woken();

  final boolean isQueued() {
    return queued;
  }
}
